import FuzzOracles
import Testing

@Suite struct LengthMutatorTests {
  /// A TLS record in a TPKT: two lengths, and octets that are none.
  static let nested: [UInt8] =
    [3, 0, 0, 14, 0x16, 3, 3, 1, 5] + [0x55, 0x55, 0x55, 0x55, 0x55]

  @Test func oneLengthChangesAndNothingElse() {
    var changed: Set<Int> = []
    for seed in 0..<UInt32(4096) {
      var bytes = Self.nested
      #expect(LengthMutator.mutate(&bytes, seed: seed &* 2_654_435_761))
      let places = bytes.indices.filter { bytes[$0] != Self.nested[$0] }
      #expect(Set(places).isSubset(of: [2, 3]) || Set(places).isSubset(of: [7, 8]))
      changed.formUnion(places)
    }
    #expect(changed == [2, 3, 7, 8])
  }

  @Test func withoutALengthNothingChanges() {
    var bytes = [UInt8](repeating: 0x55, count: 40)
    #expect(!LengthMutator.mutate(&bytes, seed: 7))
    #expect(bytes == [UInt8](repeating: 0x55, count: 40))
  }
}
