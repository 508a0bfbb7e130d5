// A lesson's place and answers between the player and the file: kept by what beats and questions say,
// not by where they stand, so that an edited lesson does not take one question's answer for another's.

import Lessons
import Player

extension Lesson {
  /// What each question's answer is kept under, by its id: the id that the author gave it, else a
  /// fingerprint of its text.
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

  /// Where `progress` is in the lesson as it is now, and its answers by question id.
  func restored(_ progress: LessonProgress) -> (beat: Int, answers: [String: String]) {
    guard let heading = progress.heading else { return (progress.beat, progress.answers) }
    let isThere = beats.indices.contains(progress.beat) && beats[progress.beat].title == heading
    let beat = isThere ? progress.beat : beats.firstIndex { $0.title == heading } ?? progress.beat
    let answers = keys.compactMapValues { progress.answers[$0] }
    return (beat, answers)
  }

  /// A player's place and answers, to be kept.
  func progress(_ player: LessonPlayer) -> LessonProgress {
    let keys = keys
    let answers = player.answers.map { (keys[$0.key] ?? $0.key, $0.value) }
    return LessonProgress(
      beat: player.place.beat, heading: player.beat.title,
      answers: Dictionary(answers, uniquingKeysWith: { $1 }))
  }
}

/// FNV-1a, the same on every machine.
func fingerprint(_ text: String) -> String {
  let hash = text.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { hash, byte in
    (hash ^ UInt64(byte)) &* 0x100_0000_01b3
  }
  return String(hash, radix: 16)
}
