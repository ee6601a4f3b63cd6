import CredSSPMessages
import RDPMessages
import Timeline

// Who logs in, to what, from where: read where keys are there.
extension Redactor {
  func login(_ facts: LoginFacts) -> LoginFacts {
    var facts = facts
    facts.negotiate = changing(facts.negotiate) {
      $0.domain = $0.domain.map(name)
      $0.workstation = $0.workstation.map(name)
    }
    facts.challenge = changing(facts.challenge) {
      $0.targetName = $0.targetName.map(name)
      target(&$0.target)
    }
    facts.authenticate = changing(facts.authenticate) {
      $0.domain = $0.domain.map(name)
      $0.user = $0.user.map(name)
      $0.workstation = $0.workstation.map(name)
      $0.serviceName = $0.serviceName.map(service)
    }
    facts.kerberos = facts.kerberos.map { located in
      var located = located
      located.message.realm = located.message.realm.map(name)
      located.message.client = located.message.client.map(name)
      located.message.service = located.message.service.map(service)
      return located
    }
    facts.rdstls = facts.rdstls.map { located in
      var located = located
      if case .passwordCredentials(let user, let domain, let count) = located.message {
        located.message = .passwordCredentials(
          user: name(user),
          domain: name(domain),
          passwordByteCount: count
        )
      }
      return located
    }
    return facts
  }

  private func target(_ target: inout NTLMTargetInformation) {
    target.computer = target.computer.map(name)
    target.domain = target.domain.map(name)
    target.dnsComputer = target.dnsComputer.map(name)
    target.dnsDomain = target.dnsDomain.map(name)
    target.dnsForest = target.dnsForest.map(name)
    target.serviceName = target.serviceName.map(service)
  }

  /// `TERMSRV/host`: the service is no secret, its host is.
  private func service(_ principal: String) -> String {
    let parts = principal.split(separator: "/", maxSplits: 1).map(String.init)
    guard parts.count == 2 else { return name(principal) }
    return parts[0] + "/" + name(parts[1])
  }

  func session(_ facts: SessionFacts) -> SessionFacts {
    var facts = facts
    facts.clientInfo = changing(facts.clientInfo) {
      $0.domain = name($0.domain)
      $0.user = name($0.user)
      $0.alternateShell = name($0.alternateShell)
      if let address = $0.extra?.clientAddress { $0.extra?.clientAddress = name(address) }
    }
    facts.logon = changing(facts.logon) {
      if case .logon(let domain, let user, let session) = $0 {
        $0 = .logon(domain: name(domain), user: name(user), sessionID: session)
      }
    }
    facts.redirection = changing(facts.redirection) {
      $0.targetAddress = $0.targetAddress.map(name)
      $0.targetName = $0.targetName.map(name)
      $0.targetFQDN = $0.targetFQDN.map(name)
      $0.user = $0.user.map(name)
      $0.domain = $0.domain.map(name)
      $0.addresses = $0.addresses.map(name)
    }
    facts.dynamicChannels = facts.dynamicChannels.map { channel in
      var channel = channel
      if !channel.name.hasPrefix("Microsoft::") { channel.name = name(channel.name) }
      return channel
    }
    return facts
  }
}
