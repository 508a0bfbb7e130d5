// swift-tools-version: 6.1
// The targets and who may import whom; ARCHITECTURE.md has the picture.
import PackageDescription

/// What nearly every test runs is optimized there as well; checks for overflow and bounds stay.
let quickInDebug: [SwiftSetting] = [.unsafeFlags(["-O"], .when(configuration: .debug))]

let package = Package(
  name: "tilewalk",
  products: [
    .executable(name: "tilewalk", targets: ["tilewalk"]),
    // For Benchmarks/, which is a package of its own.
    .library(name: "Measuring", targets: ["Measuring"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
    .package(url: "https://github.com/apple/swift-numerics", from: "1.0.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.0.0"),
    .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.4.0"),
  ],
  targets: [
    .target(
      name: "Machine",
      dependencies: [.product(name: "RealModule", package: "swift-numerics")],
      swiftSettings: quickInDebug),
    .target(name: "Notation", dependencies: ["Machine"], swiftSettings: quickInDebug),
    .target(
      name: "Kernels",
      dependencies: [
        "Machine", "Notation", "Shipped", .product(name: "RealModule", package: "swift-numerics"),
      ],
      swiftSettings: quickInDebug),
    // What people write in the folders beside `Sources/`, as part of the program.
    .target(name: "Shipped", plugins: ["EmbedFiles"]),
    .plugin(name: "EmbedFiles", capability: .buildTool(), dependencies: ["embed-files"]),
    .executableTarget(name: "embed-files"),
    .target(
      name: "Library",
      dependencies: [
        "Kernels", "Machine", "Notation", "Shipped",
        .product(name: "Yams", package: "Yams"),
      ]),
    .target(name: "Runs", dependencies: ["Kernels", "Library", "Machine", "Notation"]),
    .target(
      name: "Moments",
      dependencies: [
        "Kernels", "Machine", .product(name: "RealModule", package: "swift-numerics"),
      ],
      swiftSettings: quickInDebug),
    .target(name: "Studies", dependencies: ["Kernels", "Library", "Machine", "Runs"]),
    // CommonMark's own parser, its sources as released.
    .target(
      name: "CCommonMark",
      exclude: [
        "cmark-gfm/COPYING", "cmark-gfm/README.md", "cmark-gfm/case_fold_switch.inc",
        "cmark-gfm/entities.inc",
      ], cSettings: [.headerSearchPath("cmark-gfm")]),
    .target(
      name: "Lessons",
      dependencies: [
        "CCommonMark", "Kernels", "Library", "Machine", "Moments", "Notation", "Runs", "Shipped",
        .product(name: "RealModule", package: "swift-numerics"),
      ], swiftSettings: quickInDebug),
    .target(name: "Canvas", swiftSettings: quickInDebug),
    .target(
      name: "Views",
      dependencies: [
        "Canvas", "Kernels", "Machine", "Moments",
        .product(name: "RealModule", package: "swift-numerics"),
      ], swiftSettings: quickInDebug),
    .target(
      name: "Player",
      dependencies: [
        "Canvas", "Kernels", "Lessons", "Library", "Machine", "Moments", "Runs", "Views",
      ], swiftSettings: quickInDebug),
    // No `pkgConfig:` here: Debian's ncursesw.pc carries -D flags that SwiftPM refuses with a warning.
    // The Makefile asks pkg-config whether the library is there.
    .target(
      name: "CNcurses", linkerSettings: [.linkedLibrary("ncursesw"), .linkedLibrary("tinfo")]),
    .target(name: "Terminal", dependencies: ["CNcurses", "Canvas"]),
    .target(
      name: "Exports",
      dependencies: [
        "Canvas", "Kernels", "Lessons", "Library", "Machine", "Moments", "Player", "Runs",
        "Studies", "Views",
      ]),
    .executableTarget(
      name: "tilewalk",
      dependencies: [
        "Canvas", "Exports", "Kernels", "Lessons", "Library", "Machine", "Notation", "Player",
        "Runs",
        "Studies", "Terminal", "Views",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .target(
      name: "Measuring", dependencies: ["Kernels", "Library", "Machine", "Player", "Runs"]),
    .testTarget(name: "ArchitectureTests"),
    .testTarget(name: "MachineTests", dependencies: ["Kernels", "Library", "Machine", "Runs"]),
    .testTarget(
      name: "KernelsTests",
      dependencies: ["Kernels", "Lessons", "Library", "Machine", "Notation", "Runs"],
      exclude: ["Golden"]),
    .testTarget(
      name: "LessonsTests",
      dependencies: ["Kernels", "Lessons", "Library", "Machine", "Runs", "Shipped"],
      exclude: ["Fixtures"]),
    .testTarget(
      name: "ViewsTests",
      dependencies: [
        "Canvas", "Kernels", "Library", "Machine", "Moments", "Runs", "Views",
        .product(name: "RealModule", package: "swift-numerics"),
      ],
      exclude: ["Drawings"]),
    .testTarget(
      name: "PlayerTests",
      dependencies: [
        "Canvas", "Kernels", "Lessons", "Library", "Machine", "Moments", "Notation", "Player",
        "Runs", "Views",
      ]),
    .testTarget(
      name: "ExportsTests",
      dependencies: [
        "Canvas", "Exports", "Kernels", "Lessons", "Library", "Machine", "Moments", "Notation",
        "Player", "Runs", "Studies",
      ]),
    .testTarget(
      name: "CommandTests",
      dependencies: [
        "Exports", "Kernels", "Lessons", "Library", "Machine", "Notation", "Player", "Runs",
        "Studies", "tilewalk",
      ]),
    .testTarget(name: "TerminalTests", dependencies: ["Canvas", "CNcurses", "Terminal"]),
  ],
  swiftLanguageModes: [.v6]
)
