// swift-tools-version: 6.2
import PackageDescription

/// The tools, each with a program of its own for tests.
let tools = [
    "httpok", "memmon", "crashmail", "crashmailbatch", "fatalmailbatch", "crashsms", "fatalexit",
    "fatalretry",
]

let package = Package(
    name: "superlance",
    products: [
        .library(name: "ListenerProtocol", targets: ["ListenerProtocol"]),
        .library(name: "SupervisorRPC", targets: ["SupervisorRPC"]),
    ],
    targets: [
        // System libraries
        .target(name: "CLinux"),
        .target(name: "CCurl"),
        .systemLibrary(
            name: "CExpat", pkgConfig: "expat", providers: [.apt(["libexpat1-dev"])]),
        .systemLibrary(name: "CInih", providers: [.apt(["libinih-dev"])]),
        // Mustache, of Debian's libkainjow-mustache-dev
        .target(name: "CMustache"),

        // Libraries, the lowest layer first
        .target(name: "Text", dependencies: ["CLinux"]),
        .target(name: "System", dependencies: ["CLinux"]),
        .target(name: "EventLoop", dependencies: ["System", "CLinux"]),
        .target(name: "Curl", dependencies: ["Text", "System", "CCurl"]),
        .target(name: "ListenerProtocol", dependencies: ["Text", "System"]),
        .target(
            name: "SupervisorRPC",
            dependencies: ["Text", "System", "Curl", "ListenerProtocol", "CExpat", "CLinux"]),
        .target(
            name: "Alerting",
            dependencies: [
                "Text", "System", "EventLoop", "Curl", "ListenerProtocol", "CMustache",
            ]),
        .target(name: "ContainerInit", dependencies: ["System", "CLinux"]),
        .target(
            name: "SupervisorConfiguration",
            dependencies: ["Text", "System", "ListenerProtocol", "CInih"]),
        .target(
            name: "Listeners",
            dependencies: [
                "Text", "System", "EventLoop", "Curl", "ListenerProtocol", "SupervisorRPC",
                "SupervisorConfiguration", "Alerting", "ContainerInit", "CLinux",
            ]),

        // All tools in one program, which runs the one that it is invoked as
        .executableTarget(name: "superlance", dependencies: ["Listeners"]),

        // Generates manual pages and completions; not installed
        .executableTarget(name: "superlance-manual", dependencies: ["Listeners"]),

        // The example of docs/own-listener.md; not installed
        .executableTarget(
            name: "OwnListener", dependencies: ["ListenerProtocol"],
            path: "docs/examples/OwnListener"),

        // Tests
        .target(name: "TestSupport", path: "Tests/TestSupport", exclude: ["Servers"]),
        .testTarget(name: "TextTests", dependencies: ["Text"]),
        .testTarget(name: "EventLoopTests", dependencies: ["EventLoop", "TestSupport"]),
        .testTarget(
            name: "CurlTests", dependencies: ["Curl", "TestSupport"], exclude: ["Servers"]),
        .testTarget(
            name: "ListenerProtocolTests", dependencies: ["ListenerProtocol", "TestSupport"]),
        .testTarget(
            name: "SupervisorRPCTests", dependencies: ["Curl", "SupervisorRPC", "TestSupport"],
            exclude: ["Servers"]),
        .testTarget(name: "AlertingTests", dependencies: ["Alerting", "TestSupport"]),
        .testTarget(
            name: "ListenersTests",
            dependencies: ["Listeners", "Alerting", "ListenerProtocol", "TestSupport"]),
        .testTarget(
            name: "ManualTests", dependencies: ["Listeners", "TestSupport", "superlance-manual"]),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "TestSupport", "superlance", "OwnListener",
            ] + tools.map { .init(stringLiteral: $0) }),
    ],
    swiftLanguageModes: [.v6],
    cxxLanguageStandard: .cxx17
)

package.targets += tools.map { .executableTarget(name: $0, dependencies: ["Listeners"]) }

// What must hold of any input: tests try it with seeds. scripts/fuzz sets the variable and gets a library instead, with
// programs that libFuzzer drives.
if Context.environment["SUPERLANCE_FUZZING"] == nil {
    package.targets.append(
        .testTarget(
            name: "FuzzingTests",
            dependencies: ["Curl", "ListenerProtocol", "SupervisorRPC", "Alerting", "Listeners"],
            path: "Tests/Fuzzing",
            exclude: ["CFuzzer", "Corpora", "Dictionaries", "Driver", "Programs"]))
} else {
    package.targets += [
        .systemLibrary(name: "CFuzzer", path: "Tests/Fuzzing/CFuzzer"),
        .target(
            name: "FuzzProperties",
            dependencies: ["Curl", "ListenerProtocol", "SupervisorRPC", "Alerting", "Listeners"],
            path: "Tests/Fuzzing/Properties"),
        .target(
            name: "FuzzDriver", dependencies: ["FuzzProperties", "CFuzzer"],
            path: "Tests/Fuzzing/Driver"),
    ]
    package.targets += [
        "frames", "events", "http", "responses", "options", "mails", "texts", "numbers",
    ].map { name in
        .executableTarget(
            name: "fuzz-\(name)", dependencies: ["FuzzProperties", "FuzzDriver"],
            path: "Tests/Fuzzing/Programs/\(name)")
    }
}

for target in package.targets where target.type != .system {
    var settings = target.swiftSettings ?? []
    settings += [
        // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0335-existential-any.md
        .enableUpcomingFeature("ExistentialAny"),
        // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0409-access-level-on-imports.md
        .enableUpcomingFeature("InternalImportsByDefault"),
        // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0444-member-import-visibility.md
        .enableUpcomingFeature("MemberImportVisibility"),
    ]
    if target.path == nil && target.type != .test {
        // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0458-strict-memory-safety.md
        settings += [.strictMemorySafety()]
        // scripts/test and CI set it. Whoever depends on this package may have another compiler, with
        // other warnings.
        if Context.environment["SUPERLANCE_STRICT"] != nil {
            settings.append(.treatAllWarnings(as: .error))
        }
    }
    target.swiftSettings = settings
}
