package import TLSMessages

/// What many connections of a report have in common, and of which the same members are written in each.
package enum JSONPiece: Hashable {
  /// What the catalogue says of a cause, by its identifier: ahead of the evidence, or after it.
  case causeTitle(String)
  case causeRemedies(String)
  /// What a kind of client offers, and its fingerprints.
  case offer(ClientOffer)
  /// What a certificate says.
  case certificate(CertificateFacts)
}
