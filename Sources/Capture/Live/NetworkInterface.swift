internal import CLibpcap
import Wire

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

/// Something that can be listened on.
package struct NetworkInterface: Sendable, Hashable {
  /// Its name, as `live` takes it.
  package let name: String
  /// What the system says of it; `nil` when it says nothing.
  package let description: String?
  /// Its addresses, which `live` takes as well.
  package let addresses: [String]
  package let isUp: Bool
  package let isLoopback: Bool

  /// What libpcap can listen on besides networks.
  private static let otherSources = ["bluetooth", "dbus-", "nflog", "nfqueue", "usbmon"]

  /// Every network interface that libpcap knows; empty when the system shows none.
  package static func all() -> [NetworkInterface] {
    var message = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
    var first: UnsafeMutablePointer<pcap_if_t>?
    guard unsafe pcap_findalldevs(&first, &message) == 0 else { return [] }
    defer { unsafe pcap_freealldevs(first) }
    var found: [NetworkInterface] = []
    var next = unsafe first
    while let device = unsafe next {
      let interface = unsafe NetworkInterface(device)
      if !otherSources.contains(where: interface.name.hasPrefix) { found.append(interface) }
      unsafe next = device.pointee.next
    }
    return found
  }

  private init(_ device: UnsafeMutablePointer<pcap_if_t>) {
    name = unsafe String(cString: device.pointee.name)
    description = unsafe device.pointee.description.map { unsafe String(cString: $0) }
    let flags = unsafe device.pointee.flags
    isUp = flags & UInt32(PCAP_IF_UP) != 0
    isLoopback = flags & UInt32(PCAP_IF_LOOPBACK) != 0
    var addresses: [String] = []
    var next = unsafe device.pointee.addresses
    while let entry = unsafe next {
      if let address = unsafe entry.pointee.addr, let text = unsafe Self.text(address) {
        addresses.append(text)
      }
      unsafe next = entry.pointee.next
    }
    self.addresses = addresses
  }

  /// The name of an interface by its name or one of its addresses; what is neither stays as it is.
  package static func resolve(_ text: String) -> String {
    all().first { $0.addresses.contains(text) }?.name ?? text
  }

  /// Whether an interface is up; `nil` when there is none of the name, as `any` is none.
  static func isUp(_ name: String) -> Bool? {
    let status = unsafe rdpscope_interface_is_up(name)
    return status < 0 ? nil : status == 1
  }

  private static func text(_ address: UnsafeMutablePointer<sockaddr>) -> String? {
    let family = unsafe Int32(address.pointee.sa_family)
    guard family == AF_INET || family == AF_INET6 else { return nil }
    let length =
      family == AF_INET ? MemoryLayout<sockaddr_in>.size : MemoryLayout<sockaddr_in6>.size
    var host = [CChar](repeating: 0, count: Int(NI_MAXHOST))
    let status = unsafe getnameinfo(
      address,
      socklen_t(length),
      &host,
      socklen_t(host.count),
      nil,
      0,
      NI_NUMERICHOST
    )
    guard status == 0 else { return nil }
    // Without the zone, `%eth0`, which the name says already.
    return String(Capture.text(host).prefix { $0 != "%" })
  }
}
