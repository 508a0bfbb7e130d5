// The same input gives the same report and the same log, whatever seed the process gives its hash
// tables: each process has another.

import Kernels
import Testing

@Suite("The same input")
struct DeterminismTests {
  @Test(
    "gives the same report in every process, for every kernel",
    arguments: Catalogue.kernels.map(\.name))
  func reports(kernel: String) throws {
    let text = Catalogue[kernel].text
    let attention =
      "--n \(text.isSelfAttention ? 56 : 40) --kv 56 --d 8 --heads 4 --kv-heads 2 --tile 16"
    let sizes =
      Catalogue[kernel].isMatmul
      ? "--m 11 --n 13 --k 9 --tile 4"
      : !text.hasBackward
        ? attention : attention + " --mask causal --dropout 0.2 --pass both"
    for device in text.hasBackward ? ["classroom", "a100-40gb"] : ["classroom"] {
      let line = "run \(kernel) \(sizes) --device \(device) --format json"
      let log = "run \(kernel) \(sizes) --device \(device) --log"
      let times = text.hasBackward ? 4 : 2
      let reports = try (0..<times).map { _ in try tilewalk(line).output }
      let logs = try (0..<times).map { _ in try tilewalk(log).output }
      #expect(Set(reports).count == 1 && reports[0].hasPrefix("{"), "\(line)")
      #expect(Set(logs).count == 1 && !logs[0].isEmpty, "\(log)")
    }
  }
}
