// One look, one meaning: on every terminal, in ASCII too.

import Canvas
import Machine
import Testing

@testable import Moments
@testable import Views

@Suite("The legend")
struct LegendTests {
  private let entries = Legend.tiles + Legend.others

  @Test("no glyph has two meanings, in ASCII neither")
  func meanings() {
    for ascii in [false, true] {
      var seen: [Character: String] = [:]
      for entry in entries {
        for glyph in entry.glyphs.map({ ascii ? $0.ascii : $0 }) {
          #expect(seen[glyph] == nil, "\(glyph): \(seen[glyph] ?? "") and \(entry.words)")
          seen[glyph] = entry.words
        }
      }
    }
  }

  @Test("every status of a tile and every kind of cycle has its look in it")
  func complete() {
    let glyphs = Set(entries.flatMap(\.glyphs))
    for status in TileStatus.allCases {
      for isStore in [false, true] {
        if let glyph = status.glyph(isStore: isStore) { #expect(glyphs.contains(glyph)) }
      }
      #expect(glyphs.contains(status.filling))
    }
    for kind in CycleKind.allCases { #expect(glyphs.contains(kind.glyph)) }
  }

  @Test("seven statuses of a tile are seven looks")
  func statuses() {
    let looks = TileStatus.allCases.map { status -> String in
      // What has no data is drawn by its filling, the rest by its picture and the glyph beside it.
      let hasData = ![.unwritten, .dropped].contains(status)
      return hasData
        ? "picture \(status.glyph(isStore: false) ?? " ")" : String(status.filling)
    }
    #expect(Set(looks).count == TileStatus.allCases.count)
  }
}
