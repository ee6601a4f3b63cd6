package import Packets

extension MACAddress {
  /// The hypervisor whose virtual network cards have such addresses; `nil` for others.
  ///
  /// By the identifiers (OUI) that their makers registered or use for virtual cards.
  package var hypervisor: String? {
    switch organization {
    case 0x005056, 0x000C29, 0x000569, 0x001C14: "VMware"
    case 0x00155D: "Hyper-V"
    case 0x525400: "QEMU/KVM"
    case 0x00163E: "Xen"
    case 0x080027: "VirtualBox"
    case 0x001C42: "Parallels"
    case 0xBC2411: "Proxmox"
    default: nil
    }
  }

  /// Whether the address belongs to a group of machines that stand in for each other: VRRP and CARP
  /// (RFC 9568 §7.3), HSRP, GLBP.
  package var isShared: Bool {
    switch rawValue >> 8 {
    case 0x00_005E_0001, 0x00_005E_0002, 0x00_000C_07AC, 0x00_0007_B400: true
    default: rawValue >> 12 == 0x0_0000_0C9F_F
    }
  }
}
