import Wire

/// Reads a key log: lines as browsers, OpenSSL and most TLS libraries write them to SSLKEYLOGFILE.
///
/// A line is a label, the connection's client random in hexadecimal, and a secret in hexadecimal.
/// What is no such line is passed over and counted: logs are written by several programs at a time.
/// RFC 9850, and NSS's key log format for the older labels.
struct KeyLog {
  /// Lines with a label that this reader knows.
  private(set) var secretCount = 0
  /// Lines that are neither empty, a comment nor a secret.
  private(set) var malformedCount = 0

  /// Reads a log.
  ///
  /// - Parameters:
  ///   - octets: The log.
  ///   - ring: What gets its secrets.
  init(_ octets: some Collection<UInt8>, into ring: KeyRing) {
    for line in octets.split(whereSeparator: { $0 == 10 || $0 == 13 }) { read(line, into: ring) }
  }

  private mutating func read(_ line: some Collection<UInt8>, into ring: KeyRing) {
    guard let first = line.first, first != UInt8(ascii: "#") else { return }
    let words = line.split(whereSeparator: { $0 == 32 || $0 == 9 })
    guard let label = words.first.map({ String(decoding: $0, as: UTF8.self) }) else { return }
    guard words.count == 3, let name = [UInt8](hexadecimal: words[1]),
      let secret = [UInt8](hexadecimal: words[2]), !secret.isEmpty
    else {
      malformedCount += 1
      return
    }
    if label == "RSA" {
      ring.add(premaster: secret, encryptedStart: name)
      secretCount += 1
    } else if let field = Self.field(label) {
      ring.add(secret, to: field, clientRandom: name)
      secretCount += 1
    } else if !Self.unused.contains(label) {
      malformedCount += 1
    }
  }

  private static func field(_ label: String) -> WritableKeyPath<TLSSecrets, [UInt8]?>? {
    switch label {
    case "CLIENT_RANDOM": \.master
    case "PMS_CLIENT_RANDOM": \.premaster
    case "CLIENT_HANDSHAKE_TRAFFIC_SECRET": \.clientHandshake
    case "SERVER_HANDSHAKE_TRAFFIC_SECRET": \.serverHandshake
    case "CLIENT_TRAFFIC_SECRET_0": \.clientTraffic
    case "SERVER_TRAFFIC_SECRET_0": \.serverTraffic
    default: nil
    }
  }

  /// Labels of secrets that no record of an RDP connection is protected with.
  private static let unused: Set = [
    "CLIENT_EARLY_TRAFFIC_SECRET", "EARLY_EXPORTER_MASTER_SECRET", "EARLY_EXPORTER_SECRET",
    "EXPORTER_SECRET", "ECH_SECRET", "ECH_CONFIG",
  ]
}

extension [UInt8] {
  /// Reads hexadecimal digits; `nil` for anything else, and for half an octet.
  init?(hexadecimal digits: some Collection<UInt8>) {
    guard digits.count.isMultiple(of: 2) else { return nil }
    self = []
    reserveCapacity(digits.count / 2)
    var high: UInt8?
    for digit in digits {
      let value: UInt8
      switch digit {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): value = digit - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): value = digit - UInt8(ascii: "a") + 10
      case UInt8(ascii: "A")...UInt8(ascii: "F"): value = digit - UInt8(ascii: "A") + 10
      default: return nil
      }
      if let first = high {
        append(first << 4 | value)
        high = nil
      } else {
        high = value
      }
    }
  }
}
