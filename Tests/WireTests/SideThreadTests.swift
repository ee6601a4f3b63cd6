import Testing
import Wire

@Suite struct SideThreadTests {
  @Test func workIsDoneInItsOrder() throws {
    let thread = try #require(SideThread())
    var done: [Int] = []
    for number in 0..<1000 { thread.start { done.append(number) } }
    thread.wait()
    #expect(done == Array(0..<1000))
  }

  @Test func bothHalvesAreDoneOnReturn() throws {
    let thread = try #require(SideThread())
    for _ in 0..<1000 {
      var (one, other) = (0, 0)
      thread.both({ one = 1 }, { other = 2 })
      #expect(one == 1)
      #expect(other == 2)
    }
  }

  @Test func workInProgressIsDoneBeforeTheThreadEnds() {
    var sum = 0
    do {
      let thread = SideThread()
      thread?.start { for number in 0..<100_000 { sum &+= number } }
      thread?.wait()
    }
    #expect(sum == 4_999_950_000)
  }
}
