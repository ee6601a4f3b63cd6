import RDPMessages
import Streams
import Wire

// The login, where a key makes it readable.
extension StreamDecoder {
  /// Takes a whole TSRequest. [MS-CSSP] 2.2.1
  func note(tsRequest octets: ArraySlice<UInt8>, from side: Side, at moment: Moment) {
    facts.enter(.credssp, at: moment, reading)
    facts.encrypted.credSSPError = nil
    switch side {
    case .client: facts.encrypted.clientTokens += 1
    case .server:
      facts.encrypted.serverTokens += 1
      if RecordShape.credSSPError.lengths.contains(octets.count) {
        facts.encrypted.credSSPError = moment
      }
    }
  }

  /// Takes the Early User Authorization Result: four octets, little-endian.
  ///
  /// [MS-RDPBCGR] 2.2.10.2
  func note(earlyAuthorization octets: ArraySlice<UInt8>, from side: Side, at moment: Moment) {
    guard side == .server else { return }
    facts.encrypted.earlyAuthorization = moment
  }
}
