// Devices whose figures are all allowed and make no sense: they are simulated, or refused in one line.

import Foundation
import Testing

@testable import Library

@Suite("An extreme device")
struct ExtremeDeviceTests {
  private static let changes: [(pattern: String, values: [String])] = [
    (#"(clock_mhz: \{ value: )[0-9._]+"#, ["1", "100_000"]),
    (#"(sms: \{ value: )[0-9._]+"#, ["2", "65_536"]),
    (#"(per_cycle: \{ value: )[0-9._]+"#, ["0.001", "1e9"]),
    (#"(latency: \{ value: )[0-9._]+"#, ["0", "1_000_000"]),
    (#"(launch_cycles: \{ value: )[0-9._]+"#, ["0", "1_000_000_000"]),
    (#"(max_blocks_per_sm: \{ value: )[0-9._]+"#, ["1", "1024"]),
    (#"(shared_bytes(?:_per_block)?: \{ value: )[0-9._]+"#, ["17_592_186_044_416", "1"]),
  ]

  @Test("is simulated or refused, and nothing overflows", arguments: changes.indices)
  func extremes(change: Int) throws {
    let text = try String(
      contentsOf: packageRoot.appending(path: "Devices/classroom.yaml"), encoding: .utf8)
    let (pattern, values) = Self.changes[change]
    let regex = try Regex(pattern)
    for value in values {
      let changed = text.replacing(regex) { "\($0.output[1].substring ?? "")\(value)" }
      #expect(changed != text)
      for service in ["whole", "fair"] {
        try withFolder { folder in
          let yaml = service == "fair" ? changed + "\nservice: fair\n" : changed
          try writeFile(Array(yaml.utf8), to: "\(folder)/gpu.yaml")
          for line in [
            "run flash-attention --n 48 --d 16 --pass both --device ./gpu.yaml --format json",
            "run tiled-matmul --m 1000000 --n 1000000 --k 1000000 --tile 100000 --timing-only --device ./gpu.yaml",
          ] {
            let outcome = try tilewalk(line, in: folder)
            #expect(
              [0, 64].contains(outcome.code),
              "\(value) \(service) \(line): \(outcome.code) \(outcome.error)")
            #expect(outcome.errorLines.count == (outcome.code == 0 ? 0 : 1))
          }
        }
      }
    }
  }
}
