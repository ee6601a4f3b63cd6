import Streams
import Timeline

extension Ending {
  /// How it ended, in words, with the frame that shows it.
  var words: String {
    switch kind {
    case .fin, .reset: "\(kind.rawValue) by \(actor.rawValue) in frame \(moment.frame)"
    case .timeout: "no answer since frame \(moment.frame)"
    case .icmp: "ICMP error in frame \(moment.frame)"
    case .open: "open at the end"
    }
  }
}
