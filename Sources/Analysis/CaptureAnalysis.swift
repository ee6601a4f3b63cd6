package import Capture
package import ChainValidation
package import Decryption
package import Diagnosis
package import Redaction
package import Reports
import Streams
import TLSMessages
package import Timeline
import Wire

/// The whole path: a source of packets in, what was found out.
package struct CaptureAnalysis {
  /// The ports that are followed unless others are named.
  package static let defaultPorts: Set<UInt16> = [3389]
  /// Packets between two calls of `progress`: rare enough to cost nothing.
  package static let progressInterval = 1 << 16
  let ports: Set<UInt16>
  let keys: KeyRing
  let log: EventLog?
  let redactor: Redactor?
  let recordsEvents: Bool
  let code: ClientCode?

  /// Creates an analysis.
  ///
  /// - Parameters:
  ///   - ports: Server ports that are followed even without a beginning.
  ///   - keys: What decrypts, besides the secrets embedded in the capture.
  ///   - log: Records the events of one connection; `nil` for none.
  ///   - redactor: Gives pseudonyms to what identifies; `nil` to say things as they are.
  ///   - recordsEvents: Whether the report has some events of every connection.
  ///   - code: What the user saw; `nil` when it is not known.
  package init(
    ports: Set<UInt16>,
    keys: KeyRing = KeyRing(),
    log: EventLog? = nil,
    redactor: Redactor? = nil,
    recordsEvents: Bool = false,
    code: ClientCode? = nil
  ) {
    self.ports = ports
    self.keys = keys
    self.log = log
    self.redactor = redactor
    self.recordsEvents = recordsEvents
    self.code = code
  }

  /// Reads a source to its end and judges what it holds, certificates by their own words alone.
  ///
  /// - Parameters:
  ///   - source: Where the packets come from.
  ///   - path: The name that the report gives the capture.
  ///   - again: Opens the source anew, where it can be read twice: secrets may come after the
  ///     packets that they serve.
  ///   - progress: Called now and then with the octets read so far.
  /// - Returns: What was found in the capture.
  /// - Throws: ``CaptureError`` when the source itself fails; a capture that breaks off is
  ///   reported up to there.
  package func run(
    _ source: any PacketSource,
    path: String,
    again: (() throws(CaptureError) -> any PacketSource)? = nil,
    progress: @escaping (Int) -> Void = { _ in }
  ) throws(CaptureError) -> CaptureReport {
    let reading = try read(source, again: again, progress: progress)
    return report(path: path, reading)
  }

  /// Reads a source to its end and judges what it holds, certificates by known roots.
  ///
  /// - Parameters:
  ///   - source: Where the packets come from.
  ///   - path: The name that the report gives the capture.
  ///   - validator: Follows the certificates to its roots.
  ///   - again: Opens the source anew, as without roots.
  ///   - progress: Called now and then with the octets read so far.
  /// - Returns: What was found in the capture.
  /// - Throws: ``CaptureError`` as without roots.
  package func run(
    _ source: any PacketSource,
    path: String,
    validator: inout ChainValidator,
    again: (() throws(CaptureError) -> any PacketSource)? = nil,
    progress: @escaping (Int) -> Void = { _ in }
  ) async throws(CaptureError) -> CaptureReport {
    await report(
      try read(source, again: again, progress: progress),
      path: path,
      validator: &validator
    )
  }

  /// Judges what a capture holds, certificates by known roots.
  ///
  /// - Parameters:
  ///   - reading: The capture.
  ///   - path: The name that the report gives it.
  ///   - validator: Follows the certificates to its roots.
  /// - Returns: What was found in the capture.
  package func report(
    _ reading: Reading,
    path: String,
    validator: inout ChainValidator
  ) async -> CaptureReport {
    for connection in reading.connections {
      await Self.validate(connection, reading.timeline.certificates, &validator)
    }
    return report(path: path, reading)
  }

  /// Reads two captures of the same connections and judges what they hold together.
  ///
  /// - Parameters:
  ///   - client: The capture taken near the client, with the name that the report gives it.
  ///   - server: The same near the server.
  ///   - validator: Follows the certificates to its roots.
  /// - Returns: A report on the two captures, and on what they show only together.
  /// - Throws: ``CaptureError`` when one of the sources fails.
  package func run(
    client: (source: any PacketSource, path: String),
    server: (source: any PacketSource, path: String),
    validator: inout ChainValidator
  ) async throws(CaptureError) -> AnalysisReport {
    var ends: [(reading: Reading, tap: SegmentTap)] = []
    for (source, _) in [client, server] {
      let tap = SegmentTap()
      let reading = try read(source, KeyRing(keys), tap: tap) { _ in }
      for connection in reading.connections {
        await Self.validate(connection, reading.timeline.certificates, &validator)
      }
      ends.append((reading, tap))
    }
    let captures = ends.map { end in
      TappedCapture(
        connections: end.reading.connections,
        tap: end.tap,
        hosts: end.reading.timeline.hosts,
        first: end.reading.timeline.first,
        last: end.reading.timeline.last,
        droppedPackets: Self.dropped(end.reading.metadata)
      )
    }
    let endToEnd = EndToEnd(client: captures[0], server: captures[1])
    let reports = [
      report(path: client.path, ends[0].reading, otherEnd: endToEnd.atClient),
      report(path: server.path, ends[1].reading, otherEnd: endToEnd.atServer),
    ]
    return AnalysisReport(captures: reports, endToEnd: endToEnd)
  }

  static func validate(
    _ connection: Connection,
    _ shelf: CertificateShelf,
    _ validator: inout ChainValidator
  ) async {
    let tls = connection.facts.tls
    guard let own = tls.certificates.first else { return }
    let chain = tls.certificates.compactMap { shelf.der(sha256: $0.sha256) }
    guard chain.count == tls.certificates.count else { return }
    let time = CalendarTime((tls.certificateMoment ?? connection.start).time)
    connection.validateCertificate(await validator.trust(chain, facts: own, at: time))
  }
}
