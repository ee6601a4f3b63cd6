/// Every cause, nearest to the root first: of two that fit equally well the earlier one is named.
package enum Catalogue {
  package static let causes: [Cause] =
    captureCauses + reachabilityCauses + pathCauses + portCauses + negotiationCauses
    + tlsCauses + loginCauses + serversWordsCauses + sessionCauses + healthyCauses

  /// The cause with an id.
  package static func cause(_ id: String) -> Cause? {
    (causes + [unknown]).first { $0.id == id }
  }

  /// When nothing fits.
  package static let unknown = Cause(
    id: "unexplained_ending",
    family: .unknown,
    title: "the packets do not tell why",
    explanation:
      "What the capture shows fits none of the known causes well enough to name one.",
    necessary: [],
    clientCodes: ["0x4", "0x904"],
    wouldSettle: [
      "the server's RdpCoreTS/Operational events 131, 142, 102 and 103 of that second",
      "the server's System log: Schannel 36870 to 36888, Kernel-Power 42 and 107",
      "a capture at the other end of the same connection",
    ]
  )
}
