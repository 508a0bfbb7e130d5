// A lesson made by hand, with a question of every kind.

import Kernels
import Lessons
import Machine
import Moments
import Notation

@testable import Library
@testable import Runs

/// Four beats on a race of 64 queries in tiles of 16, as in the guide to writing lessons.
func demoLesson() throws -> Lesson {
  let runs = try [
    smallRun(Catalogue["standard-attention"], n: 64, d: 8, tile: 16, name: "naive"),
    smallRun(Catalogue["flash-attention"], n: 64, d: 8, tile: 16, name: "flash"),
  ]
  let bytes = runs[0].writtenBytes("S")
  return Lesson(
    name: "demo", title: "Where does S go?",
    summary: "Standard attention writes its scores to HBM; FlashAttention does not.", minutes: 3,
    runs: runs,
    beats: [opening, scores(runs, bytes), order(runs), ending(runs)])
}

private var opening: Beat {
  Beat(
    title: "Two kernels, one clock",
    prose: [
      .paragraph([
        Inline("Both kernels compute the "), Inline("same", .emphasis),
        Inline(" attention. What differs is "), Inline("where", .strong),
        Inline(" the scores "), Inline("S", .code), Inline(" live while they are needed."),
      ]),
      .list(
        items: [
          [.paragraph([Inline("left: the textbook, one launch after another")])],
          [
            .paragraph([
              Inline("right: "), Inline("flash-attention", .code), Inline(", one launch"),
            ])
          ],
        ], number: nil, isLoose: false),
    ], stage: Stage(layout: [0, 1], focus: 1),
    notes: [.paragraph([Inline("Do not explain yet.")])])
}

private func scores(_ runs: [CompletedRun], _ bytes: Int) -> Beat {
  let cycle = runs[0].cycle("finished store S[0,0]")
  let question = Question(
    id: "q1",
    prompt: [
      Inline("How many bytes will the standard kernel "), Inline("write", .emphasis),
      Inline(" for S, all of it?"),
    ],
    kind: .number(Quantity(Double(bytes), .bytes), tolerance: 0.5, unit: nil),
    formula: Question.Formula(text: "naive.problem.n * naive.problem.kv * 4 B", value: "16,384 B"),
    hints: [
      [Inline("S has one row for each query and one column for each key.")],
      [Inline("A number in fp32 takes 4 bytes.")],
    ],
    explanation: [
      Inline("That is "), Inline("16,384 B", figure: Quantity(Double(bytes), .bytes)),
      Inline(" out, and it must come back for the softmax."),
    ], hides: ["traffic"])
  return Beat(
    title: "The scores land in HBM",
    prose: [
      .paragraph([
        Inline("The first tile of scores is in HBM now, "),
        Inline("1,024 B", figure: Quantity(1024, .bytes)),
        Inline(" of it. All of S will be "),
        Inline("16,384 B", figure: Quantity(Double(bytes), .bytes)),
        Inline("."),
      ])
    ],
    stage: Stage(
      cycle: cycle, layout: [0, 1], focus: 0, panel: .hbm,
      highlights: [Highlight(run: 0, tile: TileName("S", row: 0, column: 0))],
      animation: Stage.Animation(start: 0, cyclesPerSecond: Double(cycle) / 4)),
    questions: [question], notes: [.paragraph([Inline("Ask for a show of hands.")])])
}

private func order(_ runs: [CompletedRun]) -> Beat {
  let choice = Question(
    id: "q2", prompt: [Inline("Which tile does flash load again for the next block of keys?")],
    kind: .choice(["K[0]", "Q[0]", "none: all of it stays on chip"], right: 1),
    explanation: [Inline("Keys are the outer loop: each Q comes by once per block of keys.")])
  let order = Question(
    id: "q3", prompt: [Inline("What happens first?")],
    kind: .order(shown: ["O is stored", "K is loaded", "S is computed"], truth: [1, 2, 0]),
    explanation: [Inline("Data must come before it can be used.")])
  return Beat(
    title: "What comes back",
    prose: [
      .quote([.paragraph([Inline("Count what crosses the bus, and you know what it costs.")])])
    ],
    stage: Stage(
      cycle: runs[1].recording.lastCycle / 2, layout: [0, 1], focus: 1, view: "tile",
      highlights: [Highlight(run: 1, tile: TileName("Q", row: 1))], row: 20),
    questions: [choice, order])
}

private func ending(_ runs: [CompletedRun]) -> Beat {
  let tile = Question(
    id: "q4", prompt: [Inline("Which tile of S was the first to be written?")],
    kind: .tile(run: 0, named: "flash", TileName("S", row: 0, column: 0)),
    explanation: [Inline("The first block stores it.")])
  return Beat(
    title: "Flash never wrote it",
    prose: [
      .table(
        header: [[Inline("kernel")], [Inline("bytes")]],
        rows: runs.map { run in
          [[Inline(run.name)], [Inline(grouped(run.recording.totals.hbm.bytes))]]
        })
    ],
    stage: Stage(
      cycle: runs.map(\.recording.lastCycle).max()!, layout: [0, 1], focus: 0),
    questions: [tile])
}

extension CompletedRun {
  /// When the first event with this text happens.
  func cycle(_ text: String) -> Int {
    recording.events.first { recording.text(of: $0) == text }!.cycle
  }

  func writtenBytes(_ tensor: String) -> Int {
    recording.totals.tensors[recording.program.tensorIndex(tensor)!].writeBytes
  }
}
