// Runs that a lesson has for their figures alone, and runs without values: what can be asked of them,
// and what is said of the rest.

import Testing

@testable import Lessons
@testable import Library

@Suite("Timing-only runs of a lesson")
struct TimedRunTests {
  private static let runs = """
      big: { kernel: flash-attention, device: a100-40gb, batch: 16, heads: 8, n: 1024, d: 64, dtype: fp16, timing-only: true }
      parts: { kernel: flash-attention, device: a100-40gb, batch: 16, heads: 8, n: 1024, d: 64, dtype: fp16, splits: 4, timing-only: true }
      bare: { kernel: flash-attention, n: 12, d: 4, tile: 4, values: false }
    """

  private func diagnostics(_ beats: String, runs: String = runs) -> String {
    read(beats, runs: runs).diagnostics.map(\.message).joined(separator: "\n")
  }

  private func expecting(_ claims: String) -> String {
    diagnostics("## A\n```expect\n\(claims)\n```")
  }

  private func cue(_ text: String) -> String { diagnostics("## A\n```cue\n\(text)\n```") }

  @Test("They have the report's figures, launches by name, and each its own device")
  func figures() {
    #expect(
      expecting(
        """
        big.launches.attention.blocks == 128
        big.flops.matmul == 4 * 1024 * 1024 * 64 * 128 * 1 FLOP
        big.seconds > 0.1 ms and big.seconds < 10 ms
        big.device.smCount == 108 and flash.device.smCount == 1
        big.memory.peakBytes < big.memory.capacityBytes
        big.mapping.tileCols == 256
        """) == "")
  }

  @Test("Splits are those of the command line, and only where the kernel knows them")
  func splits() {
    #expect(
      expecting("parts.launches.attention.blocks == 4 * big.launches.attention.blocks") == "")
    for (run, words) in [
      ("{ kernel: flash-attention, n: 12, d: 4, tile: 4, splits: 2 }", "on a real device"),
      (
        "{ kernel: flash-attention-2, device: a100-40gb, n: 128, d: 64, dtype: fp16, splits: 2 }",
        "not for flash-attention-2"
      ),
      (
        "{ kernel: flash-attention, device: a100-40gb, n: 128, d: 64, dtype: fp16, splits: many }",
        "expected auto or a number"
      ),
    ] {
      #expect(diagnostics("## A", runs: "  x: \(run)").contains(words), "\(run)")
    }
  }

  @Test(
    "Their events, tiles and traffic so far are refused with the reason",
    arguments: [
      #"cycle("big started load K[0]") > 0 cycles"#, #"events("big started load K[*]") > 0"#,
      "max(big.S[0,0]) > 0", "big.Q(0,0) > 0", "reads(big.K[0]) == 1", "big.now.cycle > 0 cycles",
    ])
  func noEvents(claim: String) {
    #expect(expecting(claim).contains("the run big is timing-only"), "\(expecting(claim))")
  }

  @Test("No cue can stop at them or show them")
  func noScreen() {
    #expect(cue("until: big finished store O[0]").contains("big, which is timing-only"))
    #expect(cue("until: big end").contains("timing-only"))
    #expect(cue("layout: big").contains("the run big is timing-only"))
    #expect(cue("focus: big hbm").contains("the run big is timing-only"))
    #expect(cue("highlight: big K[0]").contains("the run big is timing-only"))
  }

  @Test("The view launches shows one or two of them, until another view is chosen")
  func launches() throws {
    let reading = read(
      """
      ## A
      ```cue
      view: launches
      of: parts big
      ```
      ## B
      ## C
      ```cue
      view: race
      ```
      """, runs: Self.runs)
    let lesson = try #require(reading.lesson, "\(reading.diagnostics.map(\.report))")
    #expect(lesson.timed.map(\.name) == ["big", "parts"])
    #expect(lesson.runs.map(\.name) == ["naive", "flash", "bare"])
    #expect(lesson.beats.map(\.stage.timed) == [[1, 0], [1, 0], []])
    #expect(cue("of: big").contains("is for the view launches"))
    #expect(cue("view: launches\nof: naive").contains("timing-only runs big, parts"))
  }

  @Test("A run without values has events and no numbers")
  func withoutValues() {
    #expect(
      expecting(
        """
        events("bare finished store O[0]") == events("flash finished store O[0]")
        bare.cycles == flash.cycles
        """) == "")
    #expect(expecting("max(bare.O[0]) > 0") != "")
    let both = "  x: { kernel: flash-attention, n: 12, d: 4, values: false, timing-only: true }"
    #expect(diagnostics("## A", runs: both).contains("'runs.x.values'"))
  }

  @Test("A lesson must have something to play, and open at once")
  func limits() {
    let only = Lesson.read(
      """
      ---
      title: A test
      summary: Of the reader.
      minutes: 3
      runs: { x: { kernel: flash-attention, n: 12, d: 4, tile: 4, timing-only: true } }
      ---
      ## A
      """, path: "test.md")
    #expect(
      only.diagnostics.first?.message.contains("expected one that the screen can play") == true)
    let large = "{ kernel: flash-attention, n: 65536, d: 4, tile: 4, timing-only: true }"
    #expect(diagnostics("## A", runs: "  x: \(large)").contains("too large for a lesson"))
  }
}
