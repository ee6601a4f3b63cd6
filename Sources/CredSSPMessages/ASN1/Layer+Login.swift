package import Wire

/// The layers of a login.
extension Layer {
  package static let spnego = Layer("SPNEGO")
  package static let ntlm = Layer("NTLM")
  package static let kerberos = Layer("Kerberos")
  package static let rdstls = Layer("RDSTLS")
  package static let rdsaad = Layer("RDS AAD")
}
