import Foundation
import Testing

/// The HTML report, opened by a browser.
@Suite struct HTMLTests {
  /// Whether a browser, its driver and Python's selenium are there.
  static let hasBrowser =
    (try? Command.shell(
      "command -v chromium chromedriver && \(python)"
    ))?.status == 0

  /// Names a Python that has selenium: Debian's package is for the system's own.
  private static let python =
    "for p in python3 /usr/bin/python3; do $p -c 'import selenium' 2>/dev/null && break; done"

  private static let browser = """
    import json, sys
    from selenium import webdriver
    from selenium.webdriver.chrome.options import Options
    from selenium.webdriver.chrome.service import Service
    from selenium.webdriver.common.action_chains import ActionChains

    def opened(path, width=1200):
        options = Options()
        for flag in ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                     "--force-prefers-reduced-motion"]:
            options.add_argument(flag)
        options.add_argument(f"--window-size={width},1000")
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
        driver.get("file://" + path)
        return driver

    def quiet(driver):
        messages = driver.get_log("browser")
        assert messages == [], messages
        sent = [json.loads(entry["message"])["message"] for entry in driver.get_log("performance")]
        requests = [m["params"]["request"]["url"] for m in sent if m["method"] == "Network.requestWillBeSent"]
        assert len(requests) == 1 and requests[0].startswith("file://"), requests

    """

  private func drive(_ program: String, _ report: Data) throws -> Command.Result {
    let folder = try TemporaryFolder()
    try report.write(to: folder.url.appending(path: "report.html"))
    try folder.write(Self.browser + program, to: "drive.py")
    return try Command.shell("\(Self.python); $p drive.py \"$PWD/report.html\"", in: folder.url)
  }

  @Test(.enabled(if: hasBrowser, "chromium, chromedriver or selenium is not installed"))
  func aBrowserShowsTheReportAndItsControlsWork() throws {
    let report = try Command.run(
      "--format",
      "html",
      "Captures/nla-required",
      "Captures/port-closed",
      "Captures/healthy-twice",
      "Captures/host-never-answers-ipv6"
    )
    #expect(report.status == 0 && report.errors == "")
    let result = try drive(
      """
      driver = opened(sys.argv[1])
      def shown():
          return driver.execute_script(
              "return [...document.querySelectorAll('.card')].filter(c => !c.hidden).map(c => c.dataset.severity)")
      cards = shown()
      assert len(cards) > 3 and cards[0] == "failure" and cards[-1] == "none", cards
      # Filtering by words, by verdict and by family.
      words = driver.find_element("id", "words")
      words.send_keys("nla_required")
      assert shown() == ["failure"], shown()
      assert driver.find_element("id", "count").text.startswith("1 of "), driver.find_element("id", "count").text
      words.clear(); words.send_keys("no such words"); assert shown() == []
      driver.execute_script("words.value = ''; words.dispatchEvent(new Event('input'))")
      driver.find_element("css selector", "#severity option[value=none]").click()
      assert set(shown()) == {"none"}, shown()
      driver.find_element("css selector", "#severity option[value='']").click()
      button = driver.find_element("css selector", "button[data-family=healthy]")
      button.click()
      assert set(shown()) == {"none"} and button.get_attribute("aria-pressed") == "true"
      button.click()
      assert shown() == cards
      # Sorting.
      driver.find_element("css selector", "#order option[value=duration]").click()
      lengths = driver.execute_script(
          "return [...document.querySelectorAll('.card')].map(c => Number(c.dataset.seconds))")
      assert lengths == sorted(lengths, reverse=True), lengths
      driver.find_element("css selector", "#order option[value=severity]").click()
      # Folding, and evidence that lights its arrows, pointed at or reached by keyboard.
      driver.find_element("id", "fold").click()
      assert driver.execute_script("return document.querySelectorAll('.card[open]').length") == len(cards)
      lit = lambda: driver.execute_script(
          "return [...document.querySelectorAll('g.lit')].map(g => g.dataset.frame)")
      item = driver.find_element("css selector", ".card[data-family=nla_required] li[data-frames]")
      driver.execute_script("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", item)
      ActionChains(driver).move_to_element(item).perform()
      assert sorted(set(lit())) == sorted(item.get_attribute("data-frames").split()), lit()
      ActionChains(driver).move_to_element(driver.find_element("id", "words")).perform()
      assert lit() == [], lit()
      driver.execute_script("arguments[0].focus()", item)
      assert lit() != []
      driver.execute_script("arguments[0].blur()", item)
      assert lit() == []
      # Copying.
      copy = driver.find_element("css selector", ".card[data-family=nla_required] button.copy")
      copy.click()
      assert driver.execute_async_script(
          "const b = arguments[0], done = arguments[1]; setTimeout(() => done(b.textContent), 300)", copy) == "Copied"
      # Dark, and paper.
      colour = lambda: driver.execute_script("return getComputedStyle(document.body).backgroundColor")
      light = colour()
      driver.execute_script("scrollTo({top: 0, behavior: 'instant'})")
      driver.find_element("id", "theme").click()
      assert colour() != light, light
      driver.find_element("id", "fold").click()
      assert len(driver.print_page()) > 10000
      driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
      assert not driver.find_element("id", "words").is_displayed()
      # Names for what is operated, and no page wider than a phone.
      bare = driver.execute_script(
          "return [...document.querySelectorAll('button,input,select,svg.ladder,svg.overview')]"
          ".filter(e => !(e.getAttribute('aria-label') || e.textContent.trim() || (e.labels && e.labels.length))).length")
      assert bare == 0, bare
      quiet(driver); driver.quit()
      phone = opened(sys.argv[1], 500)
      phone.find_element("id", "fold").click()
      assert phone.execute_script("return document.documentElement.scrollWidth <= innerWidth")
      quiet(phone); phone.quit()
      print("all works")
      """,
      report.output
    )
    #expect(result.errors == "")
    #expect(result.text == "all works\n")
  }

  /// What a hostile peer may send as a name, `%` filled with as many octets as fit.
  private static let names = [
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>",
    "'\" autofocus onfocus=alert(1) x='",
    "{{{policy}}}{{#families}}", "\u{1B}[31mred\u{1B}]0;title\u{7}",
    "\"\u{301} onmouseover=alert(1) \u{200F}",
    "]]>--></title></style></textarea>&lt;script&gt;", String(repeating: "A", count: 200),
  ]

  /// A capture of connections whose cookies are these.
  private func capture(cookies: [String]) -> Data {
    func little(_ value: UInt32) -> [UInt8] {
      (0..<4).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }
    func big(_ value: Int) -> [UInt8] { [UInt8(value >> 8 & 255), UInt8(value & 255)] }
    var bytes =
      little(0xA1B2_C3D4) + [2, 0, 4, 0] + little(0) + little(0) + little(65_535) + little(101)
    for (index, cookie) in cookies.enumerated() {
      let line = Array(("Cookie: mstshash=" + cookie + "\r\n").utf8.prefix(240))
      let request: [UInt8] = [0xE0, 0, 0, 0, 0, 0] + line + [1, 0, 8, 0, 3, 0, 0, 0]
      let tpkt = [3, 0] + big(5 + request.count) + [UInt8(request.count)] + request
      let segments: [(flags: UInt8, fromClient: Bool, sequence: UInt8, ack: UInt8, data: [UInt8])] =
        [
          (2, true, 0, 0, []), (18, false, 0, 1, []), (16, true, 1, 1, []), (24, true, 1, 1, tpkt),
          (20, false, 1, 1, []),
        ]
      for (step, segment) in segments.enumerated() {
        let ports =
          segment.fromClient ? big(40_000 + index) + big(3389) : big(3389) + big(40_000 + index)
        let tcp =
          ports + [
            0, 0, 0, segment.sequence, 0, 0, 0, segment.ack, 0x50, segment.flags, 4, 0, 0, 0, 0, 0,
          ]
        let ends: [UInt8] =
          segment.fromClient ? [192, 0, 2, 1, 192, 0, 2, 2] : [192, 0, 2, 2, 192, 0, 2, 1]
        let ip = [0x45, 0] + big(40 + segment.data.count) + [0, 0, 0, 0, 64, 6, 0, 0] + ends
        let packet = ip + tcp + segment.data
        bytes += little(UInt32(1_700_000_000 + index)) + little(UInt32(step * 1000))
        bytes += little(UInt32(packet.count)) + little(UInt32(packet.count)) + packet
      }
    }
    return Data(bytes)
  }

  @Test(.enabled(if: hasBrowser, "chromium, chromedriver or selenium is not installed"))
  func hostileNamesRunNothing() throws {
    let folder = try TemporaryFolder()
    let name = "<img src=x onerror=alert(1)>\".pcap"
    try capture(cookies: Self.names).write(to: folder.url.appending(path: name))
    let report = try Command.run("--format", "html", name, in: folder.url)
    #expect(report.status == 0)
    #expect(!report.text.contains("\u{1B}"))
    let result = try drive(
      """
      driver = opened(sys.argv[1])
      driver.find_element("id", "fold").click()
      counts = driver.execute_script(
          "return [document.scripts.length, document.images.length, document.querySelectorAll('[autofocus]').length,"
          "[...document.querySelectorAll('*')].filter(e => [...e.attributes].some(a => a.name.startsWith('on'))).length,"
          "document.querySelectorAll('.card').length]")
      assert counts == [1, 0, 0, 0, \(Self.names.count)], counts
      quiet(driver); driver.quit()
      print("nothing ran")
      """,
      report.output
    )
    #expect(result.errors == "")
    #expect(result.text == "nothing ran\n")
  }

  @Test func thePolicyNamesTheStyleAndTheScript() throws {
    let page = try Command.run("--format", "html", "Captures/nla-required").text
    #expect(page.contains("default-src &#39;none&#39;; style-src &#39;sha256-"))
    #expect(
      !page.contains("unsafe-inline") && !page.contains(" style=") && !page.contains("http://")
    )
  }
}
