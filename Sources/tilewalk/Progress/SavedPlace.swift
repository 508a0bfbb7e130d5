// A viewer's place and answers in the form in which they are kept. Beats and questions are found by
// their text, not by their position, so that answers stay with their questions when a lesson is
// edited.

import Lessons
import Player

extension Lesson {
  /// The key under which each question's answer is kept, by question id: the id that the author
  /// gave it, else a fingerprint of its text.
  var keys: [String: String] {
    var keys: [String: String] = [:]
    var seen: [String: Int] = [:]
    for question in questions {
      guard !question.isNamed else {
        keys[question.id] = question.id
        continue
      }
      let key = "text-" + fingerprint(question.prompt.map(\.text).joined())
      seen[key, default: 0] += 1
      keys[question.id] = seen[key] == 1 ? key : "\(key)-\(seen[key] ?? 0)"
    }
    return keys
  }

  /// The beat and the answers by question id that `progress` means in this version of the lesson.
  func restored(_ progress: LessonProgress) -> (beat: Int, answers: [String: String]) {
    guard let heading = progress.heading else { return (progress.beat, progress.answers) }
    let isThere = beats.indices.contains(progress.beat) && beats[progress.beat].title == heading
    let beat = isThere ? progress.beat : beats.firstIndex { $0.title == heading } ?? progress.beat
    let answers = keys.compactMapValues { progress.answers[$0] }
    return (beat, answers)
  }

  /// The progress to be kept for a player.
  func progress(_ player: LessonPlayer) -> LessonProgress {
    let keys = keys
    let answers = player.answers.map { (keys[$0.key] ?? $0.key, $0.value) }
    return LessonProgress(
      beat: player.place.beat, heading: player.beat.title,
      answers: Dictionary(answers, uniquingKeysWith: { $1 }), right: player.score.right,
      questions: questions.count)
  }
}

/// FNV-1a hash of a text, 64 bits in hexadecimal: the same on every machine.
func fingerprint(_ text: String) -> String {
  let hash = text.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { hash, byte in
    (hash ^ UInt64(byte)) &* 0x100_0000_01b3
  }
  return String(hash, radix: 16)
}
