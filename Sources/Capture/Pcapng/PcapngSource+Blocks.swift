import Wire

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

extension PcapngSource {
  /// Interface Description Block: type 4, length 4, link type 2, reserved 2, snap length 4, options.
  func readInterface(_ block: Span<UInt8>) throws(CaptureError) {
    guard block.count >= 20 else {
      warn("an interface description is too short for its fields")
      // It keeps its number, or the next interface's packets would get another's link type.
      if clocks.count < CaptureLimits.interfaces { clocks.append(nil) }
      return
    }
    let linkType = LinkType(rawValue: Int(block.uint16(at: 8, order)))
    var interface = CaptureInterface(
      linkType: linkType,
      snapLength: Int(block.uint32(at: 12, order))
    )
    var resolution: UInt8 = 6
    var offsetSeconds: Int64 = 0
    var options = OptionCursor(from: 16, to: block.count - 4, order)
    while let (code, value) = options.next(in: block) {
      switch (code, value.count) {
      case (OptionCursor.comment, _): tally.addComment(block.text(value), frame: nil)
      case (2, _): interface.name = block.text(value)
      case (3, _): interface.description = block.text(value)
      case (9, 1...): resolution = block.uint8(at: value.lowerBound)
      case (14, 8): offsetSeconds = Int64(bitPattern: block.uint64(at: value.lowerBound, order))
      default: break
      }
    }
    guard clocks.count < CaptureLimits.interfaces, let index = tally.add(interface) else {
      warn("there are more than \(CaptureLimits.interfaces) interfaces; this one is left out")
      return
    }
    clocks.append(
      Clock(
        index: index,
        linkType: linkType,
        snapLength: interface.snapLength,
        scale: TimeScale(resolution: resolution, offsetSeconds: offsetSeconds)
      )
    )
    do throws(CaptureError) {
      try filter?.prepare(for: linkType)
    } catch {
      // On the first interface the filter is the mistake; on a later one the packets are others.
      guard index > 0 else { throw error }
      tally.warn("filter_does_not_fit", error.message, frame: nil)
    }
  }

  /// Interface Statistics Block: type 4, length 4, interface 4, time 8, options.
  func readStatistics(_ block: Span<UInt8>) {
    guard block.count >= 24 else {
      warn("interface statistics are too short for their fields")
      return
    }
    let interface = Int(block.uint32(at: 8, order))
    guard let index = clock(interface)?.index else {
      warn("statistics name interface \(interface), which is not described")
      return
    }
    var received: Int?
    var dropped: Int?
    var options = OptionCursor(from: 20, to: block.count - 4, order)
    while let (code, value) = options.next(in: block) {
      switch (code, value.count) {
      case (OptionCursor.comment, _): tally.addComment(block.text(value), frame: nil)
      case (4, 8): received = counter(block, value)
      // isb_ifdrop and isb_osdrop: lost at the interface, and lost in its host.
      case (5, 8), (7, 8):
        dropped = (dropped ?? 0).addingReportingOverflow(counter(block, value)).partialValue
      default: break
      }
    }
    tally.setCounters(
      interface: index,
      received: received,
      dropped: dropped
    )
  }

  /// Name Resolution Block: records of type 2, length 2, address 4 or 16, names that end in zero.
  func readNames(_ block: Span<UInt8>) {
    var records = OptionCursor(from: 8, to: block.count - 4, order)
    while let (code, value) = records.next(in: block) {
      let addressLength = code == 1 ? 4 : code == 2 ? 16 : value.count + 1
      guard addressLength <= value.count else { continue }
      let namesStart = value.lowerBound + addressLength
      let address = addressText(block.array(value.lowerBound..<namesStart))
      for name in block.array(namesStart..<value.upperBound).split(separator: 0) {
        let text = String(decoding: name.prefix(CaptureLimits.textBytes), as: UTF8.self)
        tally.addName(text, address: address)
      }
    }
  }

  /// Decryption Secrets Block: type 4, length 4, secrets type 4, secrets length 4, data, options.
  func readSecrets(_ block: Span<UInt8>) {
    guard block.count >= 20 else {
      warn("decryption secrets are too short for their fields")
      return
    }
    let length = Int(block.uint32(at: 12, order))
    guard length <= block.count - 20 else {
      warn("decryption secrets claim \(length) octets in a block of \(block.count)")
      return
    }
    let secrets = DecryptionSecrets(
      type: block.uint32(at: 8, order),
      bytes: block.array(16..<16 + length),
      beforeFrame: frame + 1
    )
    guard tally.addSecrets(secrets) else {
      warn("there are more than \(CaptureLimits.secretBytes) octets of decryption secrets")
      return
    }
    onSecrets?(secrets)
  }

  private func counter(_ block: Span<UInt8>, _ value: Range<Int>) -> Int {
    // All ones is a counter the writer does not know; half the range keeps sums in it.
    Int(clamping: block.uint64(at: value.lowerBound, order) & (UInt64.max >> 2))
  }

  private func addressText(_ address: [UInt8]) -> String {
    var text = [CChar](repeating: 0, count: 64)
    let family = address.count == 4 ? AF_INET : AF_INET6
    guard unsafe inet_ntop(family, address, &text, 64) != nil else { return "" }
    return Capture.text(text)
  }

  private func warn(_ problem: String) {
    tally.warn("block_skipped", "at byte \(blockOffset), \(problem)", frame: nil)
  }
}
