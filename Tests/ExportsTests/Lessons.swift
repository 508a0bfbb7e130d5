// A lesson made by hand with every kind of prose and question in it, and answers to it.

import Exports
import Kernels
import Lessons
import Moments
import Notation

@testable import Library
@testable import Runs

/// A run of the classroom's FlashAttention on 16 queries.
func lessonRun(_ name: String, _ kernel: Kernel = Catalogue["flash-attention"]) throws
  -> CompletedRun
{
  let problem = Problem.attention(AttentionProblem(queries: 16, d: 4))
  let plan = try plan(kernel, problem: problem, mapping: Mapping(tile: 4))
  return try CompletedRun.simulate(
    name: name, plan, inputs: problem.seededInputs(1), origin: "seed 1")
}

/// A question that is answered with `value` bytes.
func numberQuestion(
  _ id: String = "q1", _ value: Double = 4096, hints: [String] = [], points: Double = 1,
  hiding name: FigureName = .report("hbm.bytes")
) -> Question {
  var question = Question(
    id: id, prompt: [Inline("How many bytes? All of them.")],
    kind: .number(
      Quantity(value, .bytes), tolerance: 0,
      unit: DisplayUnit.all[0]),
    formula: Question.Formula(text: "n * n * 4 B", value: "4,096 B"),
    hints: hints.map { [Inline($0)] }, explanation: [Inline("Each is 4 B. There are 1,024.")],
    points: points)
  question.figures = HiddenFigures(name, of: "flash")
  return question
}

func choiceQuestion(_ id: String = "q2") -> Question {
  Question(
    id: id, prompt: [Inline("Which?")], kind: .choice(["naive", "flash"], right: 1),
    explanation: [Inline("It moves less.")])
}

func orderQuestion(_ id: String = "q3") -> Question {
  Question(
    id: id, prompt: [Inline("In which order?")],
    kind: .order(shown: ["store", "load", "multiply"], truth: [1, 2, 0]),
    explanation: [Inline("Data first.")])
}

/// Beats with these questions, on one run.
func lesson(_ run: CompletedRun, _ beats: [Beat]) -> Lesson {
  Lesson(
    name: "by-hand", title: "By hand", summary: "A lesson for tests.", minutes: 1, runs: [run],
    beats: beats)
}

/// Lines that are typed, and whether one may be asked again.
struct TypedAnswers: AnswerSource {
  var lines: [String]
  var allowsRetry = true

  mutating func answer(to question: Question, invite: () throws -> Bool) throws -> String? {
    guard !lines.isEmpty, try invite() else { return nil }
    return lines.removeFirst()
  }
}

/// The lines that a walk prints, and its grades.
func walk(
  _ lesson: Lesson, typing lines: [String] = [], allowsRetry: Bool = true
) throws -> (lines: [String], grades: [Grade]) {
  var shown: [String] = []
  var source = TypedAnswers(lines: lines, allowsRetry: allowsRetry)
  let walk = LessonWalk(lesson) {
    shown += $0
    return true
  }
  let grades = try walk.run(&source)
  return (shown, grades)
}
