import Testing
@testable import RDPMessages
