import Testing
@testable import TLSMessages
