import CredSSPMessages
import RDPMessages
import Streams
import Timeline
import Wire

// What the login and the session say, where they are readable.
extension JSONConnection {
  static func writeAuthentication(_ facts: MessageFacts, _ json: inout JSONWriter) {
    json.key("authentication")
    let login = facts.login
    guard login.isRead else { return json.value(nil as String?) }
    json.object { json in
      json.key("mechanism")
      json.value(login.mechanism?.rawValue)
      json.key("credsspVersion")
      json.value(login.version.map(Int.init))
      json.key("user")
      json.value(login.user)
      json.key("domain")
      json.value(login.domain)
      json.key("workstation")
      json.value(login.authenticate?.message.workstation)
      json.key("serverName")
      json.value(login.serverName)
      json.key("serverOS")
      json.value(login.challenge?.message.version?.description)
      json.key("errorCode")
      json.value(login.error?.message.number)
      json.key("errorName")
      json.value(login.error?.message.name)
      json.key("errorMeaning")
      json.value(login.error?.message.meaning)
      json.key("frame")
      json.value((login.error?.moment ?? login.credentials ?? login.clientProof)?.frame)
      writeDetails(login, &json)
    }
  }

  private static func writeDetails(_ login: LoginFacts, _ json: inout JSONWriter) {
    json.key("clientVersion")
    json.value(login.clientVersion.map(Int.init))
    json.key("serverVersion")
    json.value(login.serverVersion.map(Int.init))
    json.key("offered")
    json.value(login.offered.map(\.name))
    json.key("serviceName")
    json.value(login.serviceName)
    json.key("serverDomain")
    let target = login.challenge?.message.target
    json.value(target?.dnsDomain ?? target?.domain)
    json.key("clientOS")
    let version = login.negotiate?.message.version ?? login.authenticate?.message.version
    json.value(version?.description)
    json.key("clockSkew")
    json.value(login.clockSkew)
    json.key("credentials")
    json.value(login.credentials == nil ? nil : "encrypted")
    json.key("earlyAuthorization")
    json.value(login.earlyAuthorization?.message.name)
    json.key("reading")
    json.value(Reading.decrypted.rawValue)
  }

  static func writeSession(_ facts: MessageFacts, _ json: inout JSONWriter) {
    json.key("session")
    let session = facts.session
    guard session.isRead || facts.loggedOn != nil else { return json.value(nil as String?) }
    json.object { json in
      writeLogon(facts, &json)
      json.key("redirection")
      if let redirection = session.redirection {
        json.object {
          $0.key("frame")
          $0.value(redirection.moment.frame)
          $0.key("target")
          $0.value(redirection.message.target)
          $0.key("addresses")
          $0.value(redirection.message.addresses)
        }
      } else {
        json.value(nil as String?)
      }
      json.key("heartbeat")
      if let heartbeat = session.heartbeat {
        json.object {
          $0.key("period")
          $0.value(Int(heartbeat.message.period))
          $0.key("missesToWarning")
          $0.value(Int(heartbeat.message.warningMisses))
          $0.key("missesToReconnection")
          $0.value(Int(heartbeat.message.reconnectMisses))
          $0.key("count")
          $0.value(session.heartbeatCount)
          $0.key("lastFrame")
          $0.value(heartbeat.moment.frame)
        }
      } else {
        json.value(nil as String?)
      }
      writeChannels(session, &json)
    }
  }

  private static func writeLogon(_ facts: MessageFacts, _ json: inout JSONWriter) {
    json.key("loggedOnFrame")
    json.value(facts.loggedOn?.frame)
    var user: String?
    var domain: String?
    if case .logon(let ofDomain, let ofUser, _)? = facts.session.logon?.message {
      user = ofUser
      domain = ofDomain
    }
    json.key("user")
    json.value(user)
    json.key("domain")
    json.value(domain)
    json.key("logonErrors")
    json.array(facts.session.logonErrors) { json, error in
      json.object {
        $0.key("frame")
        $0.value(error.moment.frame)
        $0.key("type")
        $0.value(error.message.name)
        $0.key("data")
        $0.value(error.message.dataName)
        $0.key("meaning")
        $0.value(error.message.meaning)
      }
    }
  }

  private static func writeChannels(_ session: SessionFacts, _ json: inout JSONWriter) {
    json.key("dynamicChannels")
    json.array(session.dynamicChannels) { json, channel in
      json.object {
        $0.key("name")
        $0.value(channel.name)
        $0.key("frame")
        $0.value(channel.requested.frame)
        $0.key("status")
        $0.value(channel.status.map { "0x" + String($0.message, radix: 16, uppercase: true) })
        $0.key("closedFrame")
        $0.value(channel.closed?.moment.frame)
      }
    }
    json.key("multitransport")
    json.array(session.multitransportRequests) { json, request in
      json.object {
        $0.key("frame")
        $0.value(request.moment.frame)
        $0.key("transport")
        $0.value(request.message.name)
        let response = session.multitransportResponses.first {
          $0.message.requestID == request.message.requestID
        }
        $0.key("result")
        $0.value(response?.message.name)
      }
    }
  }
}
