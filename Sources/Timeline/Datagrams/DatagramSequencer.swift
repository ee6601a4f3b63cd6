/// Puts one direction of an RDP-UDP connection in order: data come with a number each, lost ones come
/// again.
struct DatagramSequencer {
  /// Data held for one that is missing; RDP-UDP's windows are smaller while it shakes hands.
  static let maximumHeld = 64

  private var next: UInt32
  private var held: [UInt32: Part] = [:]
  /// The numbers' range: 2^16 or 2^32.
  private let mask: UInt32

  /// The data under one number.
  struct Part: Hashable {
    let octets: [UInt8]
    /// Octets that the capture cut off.
    var cutCount = 0
  }

  /// Data in order.
  struct InOrder {
    let ready: [Part]
    /// Whether something before them is given up as lost.
    let hasGap: Bool

    static let nothing = Self(ready: [], hasGap: false)
  }

  /// Starts with the number of the first data.
  ///
  /// - Parameters:
  ///   - first: The number.
  ///   - mask: The largest number, after which they begin anew.
  init(first: UInt32, mask: UInt32) {
    next = first & mask
    self.mask = mask
  }

  /// Takes the next data that arrived.
  ///
  /// - Returns: What is in order now.
  mutating func take(_ number: UInt32, _ part: Part) -> InOrder {
    let distance = (number &- next) & mask
    guard distance <= mask / 2 else { return .nothing }
    held[number & mask] = part
    guard held[next] == nil, Self.maximumHeld < held.count else {
      return InOrder(ready: ready(), hasGap: false)
    }
    next = held.keys.min { ($0 &- next) & mask < ($1 &- next) & mask } ?? next
    return InOrder(ready: ready(), hasGap: true)
  }

  private mutating func ready() -> [Part] {
    var parts: [Part] = []
    // Ends: each turn takes one of the data held.
    while let found = held.removeValue(forKey: next) {
      parts.append(found)
      next = (next &+ 1) & mask
    }
    return parts
  }
}
