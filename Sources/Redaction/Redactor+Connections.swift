import Streams
package import Timeline

// Connections are renamed before they are judged: everything said about them is then made of
// pseudonyms, whatever form it takes.
extension Redactor {
  /// A connection under pseudonyms.
  ///
  /// What its certificate was found to be is kept: names are compared before they are replaced.
  package func connection(_ connection: Connection) -> Connection {
    let renamed = Connection(
      stream: connection.stream,
      client: endpoint(connection.client),
      server: endpoint(connection.server),
      tcp: connection.tcp.renaming(address),
      facts: facts(connection.facts),
      ending: connection.ending,
      sawBeginning: connection.sawBeginning,
      transport: connection.transport
    )
    renamed.validation = connection.validation.map(validation)
    return renamed
  }

  /// An RDP-UDP connection under pseudonyms.
  package func connection(_ connection: UDPConnection) -> UDPConnection {
    var renamed = connection
    renamed.client = endpoint(connection.client)
    renamed.server = endpoint(connection.server)
    renamed.error = connection.error?.renaming(address)
    renamed.facts = facts(connection.facts)
    renamed.synchronization.message = synchronization(connection.synchronization.message)
    renamed.answer = connection.answer.map { answer in
      var answer = answer
      answer.message = synchronization(answer.message)
      return answer
    }
    return renamed
  }

  /// Lookups under pseudonyms.
  package func lookups(_ lookups: Lookups) -> Lookups {
    lookups.renaming(address, names: name)
  }
}
