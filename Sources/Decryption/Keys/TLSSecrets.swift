/// What a key log says about one connection, or about one pre-master secret.
///
/// Secrets are used and never shown: no report prints them.
package struct TLSSecrets: Hashable, Sendable {
  /// TLS 1.2 and before.
  var master: [UInt8]?
  /// TLS 1.2 and before, where only that is known.
  var premaster: [UInt8]?
  /// TLS 1.3.
  var clientHandshake: [UInt8]?
  var serverHandshake: [UInt8]?
  var clientTraffic: [UInt8]?
  var serverTraffic: [UInt8]?
}
