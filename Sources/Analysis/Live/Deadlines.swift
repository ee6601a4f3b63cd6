/// When a connection is judged while the capture goes on; all in seconds of packet time, which goes
/// on with the clock while no packet comes.
package struct Deadlines: Sendable {
  /// After its end: what a reset answers, or what a client does next, comes within this.
  package var afterEnd = 1.0
  /// After an unanswered SYN: beyond every system's first repeat.
  package var unansweredSYN = 5.0
  /// After the beginning of a connection whose silence has two causes that are equally likely: what breaks
  /// the tie, the next repeat or a word of the host, has come by then.
  package var settling = 20.0
  /// After the last packet of a connection that never got into a session: beyond any login.
  package var silence = 10.0
  /// After its end: so long a verdict may be revised by what comes later, a retry at a prompt
  /// included (``Diagnosis`` waits 120 seconds for one).
  package var revisions = 180.0
  /// After the last packet of a connection that nobody ended: beyond the two hours after which
  /// systems probe a silent peer (RFC 9293 §3.8.4).
  package var abandonment = 7800.0
  /// After which what is known of other traffic is forgotten: conversations, hosts, lookups.
  package var memory = 600.0

  /// The deadlines of the documentation.
  package init() {}
}
