import Packets

/// Finds the elements of an array by a key that they hold: open addressing with linear probing.
///
/// A look-up costs one multiplication for each address of the key and, nearly always, one comparison;
/// a dictionary's hash alone costs more, and every packet is looked up.
struct SlotTable {
  /// An element's index and the upper half of its hash; a free slot has index -1.
  private struct Slot {
    var hash: UInt32 = 0
    var index: Int32 = -1
  }

  // INVARIANT: the count is a power of two, and at most half of the slots are in use.
  private var slots = ContiguousArray(repeating: Slot(), count: Self.minimumCount)
  private var usedCount = 0
  private let seed: (UInt64, UInt64)

  private static let minimumCount = 1 << 10

  /// An empty table.
  init() {
    var generator = SystemRandomNumberGenerator()
    // Chosen anew in each run, so that nobody can make all keys of a capture collide.
    seed = (generator.next(), generator.next())
  }

  /// Where a key belongs, and the index of its element, if it has one.
  struct Place {
    fileprivate let slot: Int
    fileprivate let hash: UInt32
    let index: Int?
  }

  /// Where an address belongs; `matches` says whether the element at an index has it.
  @inline(__always)
  func place(of address: IPAddress, _ matches: (Int) -> Bool) -> Place {
    place(hash(address, 0), matches)
  }

  /// Where a pair of ends belongs, whichever of them is named first; `matches` says whether the
  /// element at an index has it.
  @inline(__always)
  func place(of one: Endpoint, _ other: Endpoint, _ matches: (Int) -> Bool) -> Place {
    place(hash(one.address, one.port) &+ hash(other.address, other.port), matches)
  }

  /// Puts an element where its key belongs, in place of the one that was there.
  ///
  /// - Parameters:
  ///   - index: Its index.
  ///   - place: Where, as it was just found.
  mutating func set(_ index: Int, at place: Place) {
    slots[place.slot] = Slot(hash: place.hash, index: Int32(truncatingIfNeeded: index))
    guard place.index == nil else { return }
    usedCount += 1
    if slots.count < usedCount * 2 { grow() }
  }

  /// Forgets everything.
  mutating func removeAll() {
    slots = ContiguousArray(repeating: Slot(), count: slots.count)
    usedCount = 0
  }

  @inline(__always)
  private func place(_ hash: UInt64, _ matches: (Int) -> Bool) -> Place {
    let hash = UInt32(truncatingIfNeeded: hash >> 32)
    let mask = slots.count - 1
    var slot = Int(hash) & mask
    // Ends: half of the slots are free.
    while true {
      let found = slots[slot]
      if found.index < 0 { return Place(slot: slot, hash: hash, index: nil) }
      if found.hash == hash, matches(Int(found.index)) {
        return Place(slot: slot, hash: hash, index: Int(found.index))
      }
      slot = (slot + 1) & mask
    }
  }

  @inline(__always)
  private func hash(_ address: IPAddress, _ port: UInt16) -> UInt64 {
    let product = (address.low ^ seed.0).multipliedFullWidth(
      by: address.high ^ UInt64(port) ^ seed.1
    )
    return product.high ^ product.low
  }

  private mutating func grow() {
    let old = slots
    slots = ContiguousArray(repeating: Slot(), count: old.count * 2)
    let mask = slots.count - 1
    for entry in old where entry.index >= 0 {
      var slot = Int(entry.hash) & mask
      while slots[slot].index >= 0 { slot = (slot + 1) & mask }
      slots[slot] = entry
    }
  }
}
