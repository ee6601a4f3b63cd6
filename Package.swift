// swift-tools-version: 6.2
import PackageDescription

/// Settings of every Swift target: what the compiler can check, it checks.
let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  // Dynamic checks of exclusive access stay on where tests run; in release they would take 7 % of
  // the time (Docs/performance.md).
  .unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release)),
]

/// A library target of the pipeline; its `uses` are the rows above it.
func stage(_ name: String, uses dependencies: [Target.Dependency]) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(_ name: String, uses dependencies: [Target.Dependency]) -> Target {
  .testTarget(
    name: name, dependencies: dependencies, path: "Tests/\(name)", swiftSettings: strict)
}

let package = Package(
  name: "rdpscope",
  platforms: [.macOS(.v26)],
  products: [
    .executable(name: "rdpscope", targets: ["rdpscope"])
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
    .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
  ],
  targets: [
    // bytes -> packets -> streams -> messages -> timeline -> evidence -> verdict -> report
    .systemLibrary(name: "CLibpcap", pkgConfig: "libpcap", providers: [.apt(["libpcap-dev"])]),
    .systemLibrary(name: "CProcessor"),
    stage("Wire", uses: ["CProcessor"]),
    stage("Capture", uses: ["CLibpcap", "CProcessor", "Wire"]),
    stage("Packets", uses: ["Wire"]),
    stage(
      "Streams",
      uses: ["Wire", "Packets", .product(name: "Crypto", package: "swift-crypto")]),
    stage(
      "TLSMessages",
      uses: [
        "Wire",
        .product(name: "SwiftASN1", package: "swift-asn1"),
        .product(name: "Crypto", package: "swift-crypto"),
      ]),
    stage(
      "ChainValidation",
      uses: [
        "Wire",
        "TLSMessages",
        .product(name: "SwiftASN1", package: "swift-asn1"),
        .product(name: "X509", package: "swift-certificates"),
      ]),
    stage(
      "CredSSPMessages",
      uses: ["Wire", .product(name: "SwiftASN1", package: "swift-asn1")]),
    stage("RDPMessages", uses: ["Wire"]),
    stage("HTTPMessages", uses: ["Wire"]),
    stage(
      "Decryption",
      uses: [
        "Wire", "Streams", "TLSMessages", "RDPMessages",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "CryptoExtras", package: "swift-crypto"),
        .product(name: "SwiftASN1", package: "swift-asn1"),
      ]),
    stage(
      "Timeline",
      uses: [
        "CProcessor", "Wire", "Packets", "Streams", "TLSMessages", "CredSSPMessages", "RDPMessages",
        "HTTPMessages", "Decryption",
      ]),
    stage(
      "Diagnosis",
      uses: [
        "Wire", "Packets", "Streams", "Timeline", "CredSSPMessages", "RDPMessages", "TLSMessages",
      ]),
    stage(
      "Redaction",
      uses: [
        "Wire", "Packets", "Streams", "TLSMessages", "CredSSPMessages", "RDPMessages",
        "HTTPMessages", "Timeline",
        .product(name: "Crypto", package: "swift-crypto"),
      ]),
    stage(
      "Reports",
      uses: [
        "Wire", "Packets", "Streams", "Decryption", "Timeline", "Redaction", "Diagnosis",
        "CredSSPMessages", "RDPMessages", "TLSMessages",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "Mustache", package: "swift-mustache"),
      ]),
    stage(
      "Analysis",
      uses: [
        "Wire", "Capture", "Packets", "Streams", "Decryption", "Timeline", "Redaction", "Diagnosis",
        "Reports", "TLSMessages", "ChainValidation",
      ]),
    stage(
      "Expectations",
      uses: [
        "Wire", "Streams", "Timeline", "Diagnosis", "Reports", "RDPMessages", "TLSMessages",
      ]),
    .executableTarget(
      name: "rdpscope",
      dependencies: [
        "Analysis", "Capture", "CLibpcap", "Expectations", "Reports", "Diagnosis", "Wire",
        "ChainValidation", "Decryption", "Redaction", "Timeline",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),

    tests("WireTests", uses: ["Wire"]),
    tests("CaptureTests", uses: ["Capture", "Wire"]),
    tests("PacketsTests", uses: ["Packets", "Wire"]),
    tests("StreamsTests", uses: ["Streams", "Packets", "Wire"]),
    tests("TLSMessagesTests", uses: ["TLSMessages", "Wire"]),
    tests("ChainValidationTests", uses: ["ChainValidation", "TLSMessages", "Wire"]),
    tests("CredSSPMessagesTests", uses: ["CredSSPMessages", "Wire"]),
    tests("RDPMessagesTests", uses: ["RDPMessages", "Wire"]),
    tests("HTTPMessagesTests", uses: ["HTTPMessages", "Wire"]),
    tests("DecryptionTests", uses: ["Decryption", "Streams", "TLSMessages", "RDPMessages", "Wire"]),
    tests(
      "TimelineTests",
      uses: ["Timeline", "Streams", "CredSSPMessages", "RDPMessages", "TLSMessages", "Wire"]),
    tests("RedactionTests", uses: ["Redaction", "Packets"]),
    tests(
      "AnalysisTests",
      uses: [
        "Analysis", "Capture", "ChainValidation", "CredSSPMessages", "Decryption", "Diagnosis",
        "Expectations", "Packets", "RDPMessages", "Redaction", "Reports", "Streams", "Timeline",
        "TLSMessages", "Wire",
      ]),
    tests(
      "ExpectationsTests",
      uses: ["Expectations", "Analysis", "Capture", "Diagnosis", "Reports", "Timeline", "Wire"]),
    tests("ReportsTests", uses: ["Reports", "Diagnosis"]),
    // What must hold for every input, checked by the fuzzer and, on kept inputs, by the tests.
    .target(
      name: "FuzzOracles",
      dependencies: [
        "Analysis", "Capture", "ChainValidation", "CredSSPMessages", "Decryption", "Diagnosis",
        "Expectations", "Packets", "RDPMessages", "Reports", "Streams", "TLSMessages", "Timeline",
        "Wire",
      ],
      path: "Tests/Fuzz/Oracles",
      swiftSettings: strict),
    tests("FuzzTests", uses: ["FuzzOracles"]),
    tests("CommandTests", uses: ["rdpscope", "Analysis", "Capture", "ChainValidation", "Reports", "Wire"]),
  ]
)

// Its main function is libFuzzer's, so it is built by `make fuzz` alone.
if Context.environment["RDPSCOPE_FUZZ"] != nil {
  package.targets += [
    .systemLibrary(name: "CFuzzer", path: "Tests/Fuzz/CFuzzer"),
    .executableTarget(
      name: "rdpscope-fuzz",
      dependencies: ["CFuzzer", "FuzzOracles"],
      path: "Tests/Fuzz/Driver",
      swiftSettings: strict + [.unsafeFlags(["-parse-as-library"])]),
  ]
}
