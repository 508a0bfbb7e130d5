// Answers that the author has written out in the text of their beat. A number in braces is hidden until its
// question is answered; one that is typed is not.

import Lessons
import Machine

extension Beat {
  /// A problem for each number in the beat's own words that is the answer to one of its questions.
  var toldAnswers: [LessonPlayer.LayoutProblem] {
    let written = prose.flatMap(\.written).flatMap { WrittenNumber.all(in: Array($0)) }
    return questions.compactMap { question in
      guard let answer = question.number, answer.isDistinctive,
        written.contains(where: { $0.means(answer) })
      else { return nil }
      return LessonPlayer.LayoutProblem(
        line: line,
        message:
          "the text says \(answer.text), which answers \(question.id) (line \(question.line)); "
          + "a number in braces is hidden until then")
    }
  }
}

extension Prose {
  /// What the author has written, without the numbers in braces.
  fileprivate var written: [String] {
    if case .code(let lines, _) = self { return lines }
    var texts: [String] = []
    _ = mapInlines { inline in
      if inline.figure == nil { texts.append(inline.text) }
      return inline
    }
    return texts
  }
}

extension Quantity {
  /// True for an integer of at least three digits, and for a fraction with at least three significant
  /// ones. Shorter numbers stand everywhere by chance.
  fileprivate var isDistinctive: Bool {
    guard value.isFinite, value != 0 else { return false }
    if value == value.rounded() { return abs(value) >= 100 }
    // 0.05 has one significant digit, 0.0512 has three.
    var scaled = abs(value)
    while scaled < 0.1 { scaled *= 10 }
    while scaled >= 1 { scaled /= 10 }
    let twoDigits = scaled * 100
    return abs(twoDigits - twoDigits.rounded()) > 1e-6
  }
}
