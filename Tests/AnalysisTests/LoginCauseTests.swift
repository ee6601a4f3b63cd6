import CredSSPMessages
import Diagnosis
import Testing

/// Causes that the login's own words name: each fires on its word, stays silent without it, and a
/// healthy session is none of them.
@Suite struct LoginCauseTests {
  private static func evidence(_ kinds: [EvidenceKind]) -> [Evidence] {
    kinds.enumerated().map { Evidence($1, frames: [$0 + 1], "\($1)") }
  }

  static let words: [(kind: LoginStatus.Kind, cause: String)] = [
    (.credentials, "bad_credentials"), (.account, "account_locked_disabled_expired"),
    (.password, "password_expired_or_must_change"), (.restriction, "account_restriction"),
    (.notGranted, "logon_right_missing"), (.ntlm, "ntlm_blocked"),
    (.authority, "no_logon_authority"), (.clock, "clock_skew"), (.target, "service_name_wrong"),
    (.delegation, "delegation_policy"), (.server, "login_package_failed"),
    (.protocolError, "login_package_failed"), (.unknown, "login_refused"),
  ]

  @Test(arguments: words) func wordNamesItsCause(_ kind: LoginStatus.Kind, _ cause: String) {
    let verdict = Judge.judge(Self.evidence([.loginRefused(kind), .resetByClient]))
    #expect(verdict.cause.id == cause)
    #expect(verdict.confidence == 0.97)
  }

  @Test func everyKindOfStatusHasItsCause() {
    #expect(Set(Self.words.map(\.kind)) == Set(LoginStatus.Kind.allCases))
  }

  /// The client's leaving after the refusal is its answer and no cause.
  @Test(arguments: words) func leavingAfterARefusalIsNotTheCause(
    _ kind: LoginStatus.Kind,
    _ cause: String
  ) {
    let verdict = Judge.judge(
      Self.evidence([.loginRefused(kind), .clientLeftDuringCredSSP, .resetByClient])
    )
    #expect(verdict.cause.id == cause)
  }

  /// A KDC that refuses keeps nobody out who gets in by NTLM.
  @Test(arguments: words) func refusedTicketIsNoFailureOfASession(
    _ kind: LoginStatus.Kind,
    _ cause: String
  ) {
    let session: [EvidenceKind] = [
      .kdcRefused(kind), .loggedInByNTLM, .reachedSession, .finishedByClient, .orderlyPrelude,
    ]
    #expect(Judge.judge(Self.evidence(session)).cause.id == "session_ended")
  }

  @Test(arguments: words) func refusedTicketOfALostLoginIsTheCause(
    _ kind: LoginStatus.Kind,
    _ cause: String
  ) throws {
    // The KDC has no say in these.
    let silent: [LoginStatus.Kind] = [
      .ntlm, .target, .delegation, .server, .protocolError, .unknown,
    ]
    let verdict = Judge.judge(Self.evidence([.kdcRefused(kind), .clientLeftDuringCredSSP]))
    #expect(verdict.cause.id == (silent.contains(kind) ? "left_during_login" : cause))
  }

  @Test func logonErrorsCountUntilSomebodyIsLoggedOn() {
    let refused: [EvidenceKind] = [.logonFailed, .reachedSession, .finishedByClient]
    #expect(Judge.judge(Self.evidence(refused)).cause.id == "bad_credentials")
    let healthy: [EvidenceKind] = [.loggedOn, .reachedSession, .finishedByClient, .orderlyPrelude]
    #expect(Judge.judge(Self.evidence(healthy)).cause.id == "session_ended")
  }

  @Test func oldServerIsACauseOnlyForAClientThatLeaves() {
    let left: [EvidenceKind] = [.oldCredSSPServer, .clientLeftAtChallenge, .namesUser]
    #expect(Judge.judge(Self.evidence(left)).cause.id == "credssp_versions_apart")
    let stayed: [EvidenceKind] = [.oldCredSSPServer, .reachedSession, .finishedByClient]
    #expect(Judge.judge(Self.evidence(stayed)).cause.id == "session_ended")
  }

  @Test func redirectionIsAnEndOnPurpose() {
    let sent: [EvidenceKind] = [.redirected, .reachedCapabilities, .finishedByClient]
    #expect(Judge.judge(Self.evidence(sent)).cause.id == "session_redirected")
  }
}
