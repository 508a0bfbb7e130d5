// swift-tools-version: 6.1
// Benchmarks, in a package of their own so that users of tilewalk never download what they need.
import PackageDescription

let package = Package(
  name: "benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(name: "tilewalk", path: ".."),
    .package(url: "https://github.com/ordo-one/benchmark", from: "1.29.0", traits: []),
  ],
  targets: [
    .executableTarget(
      name: "Speed",
      dependencies: [
        .product(name: "Measuring", package: "tilewalk"),
        .product(name: "Benchmark", package: "benchmark"),
      ],
      path: "Benchmarks/Speed",
      plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]),
    .executableTarget(name: "KnifeEdge", path: "Benchmarks/KnifeEdge"),
    .executableTarget(name: "Memory", path: "Benchmarks/Memory"),
  ],
  swiftLanguageModes: [.v6]
)
