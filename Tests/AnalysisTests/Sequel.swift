import Diagnosis
import Streams
import Testing

/// How a connection that was well goes on from some place, and what may be said of it.
///
/// More than one family is right where the packets do not tell causes apart.
struct Sequel: Sendable, CustomTestStringConvertible {
  let name: String
  let place: HealthyCapture.Place
  let families: Set<Family>
  let go: @Sendable (inout PacketForge) -> Void

  var testDescription: String { name }

  init(
    _ name: String,
    after place: HealthyCapture.Place,
    is families: Set<Family>,
    go: @escaping @Sendable (inout PacketForge) -> Void
  ) {
    self.name = name
    self.place = place
    self.families = families
    self.go = go
  }

  /// A capture's connection, continued.
  func continuation(of capture: HealthyCapture) throws -> PacketList {
    var forge = try capture.forge(upTo: place)
    go(&forge)
    return forge.list
  }
}

extension HealthyCapture.Place {
  /// In the session, with some of it to come.
  static let session = Self.share(60)
}
