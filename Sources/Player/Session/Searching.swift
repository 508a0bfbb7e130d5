// Moves that look for something: breakpoints, searches and writes of the watched tile.

import Machine
import Moments

extension Player {
  /// The cycles of all breakpoints and of the watched tile's writes, ascending.
  func findStops() -> [Int] {
    var cycles = Set(breakpoints.flatMap(\.cycles))
    if let watch { cycles.formUnion(watch.writes(in: runs)) }
    return cycles.sorted()
  }

  /// The first stop after `cycle`; nil if there is none.
  func nextStop(after cycle: Int) -> Int? {
    let index = stops.firstIndex(above: cycle)
    return index < stops.count ? stops[index] : nil
  }

  /// A message that names the breakpoint, or the write of the watched tile, at this cycle; nil if
  /// no tile is watched and no breakpoint matches.
  var stopMessage: String? {
    if let match = breakpoints.lazy.compactMap({ $0.pattern.match(at: cycle, in: runs) }).first {
      return "Stopped: \(match)"
    }
    return watch.map { "Stopped: \($0.text) was written." }
  }

  mutating func runToBreakpoint(forward: Bool) {
    isPlaying = false
    guard !breakpoints.isEmpty || watch != nil else {
      message = "No breakpoint and no watched tile: set one with b or w."
      return
    }
    go(forward: forward, among: stops, orSay: "No breakpoint \(forward ? "ahead" : "behind").")
    if message == nil { message = stopMessage }
  }

  mutating func runToLastWrite() {
    guard let tile = watch ?? selection.tile ?? currentTile else {
      message = "Watch a tile first, with w."
      return
    }
    watch = tile
    go(
      forward: false, among: tile.writes(in: runs),
      orSay: "\(tile.text) has not been written before this.")
  }

  /// True if any block of the run in focus has a tile of this name.
  func isTile(_ tile: TileName) -> Bool {
    runs[focus].recording.blocks.contains { block in
      block.tiles.contains { info in
        info.name == tile.name && info.place.tileRow == tile.row
          && (info.place.tileColumn ?? 0) == (tile.column ?? 0)
      }
    }
  }

  mutating func search(_ text: String, forward: Bool) {
    let pattern = text.isEmpty ? lastSearch : Pattern(text)
    guard let pattern else {
      message = "Search for what? For example: /store O[0]"
      return
    }
    lastSearch = pattern
    go(
      forward: forward, among: pattern.cycles(in: runs),
      orSay: "No event \(forward ? "ahead" : "behind") matches “\(pattern.text)”.")
    if message == nil { message = pattern.match(at: cycle, in: runs) }
  }

  mutating func toggleBreakpoint(_ text: String) {
    let pattern = Pattern(text)
    if text.isEmpty {
      breakpoints = []
      message = "All breakpoints are cleared."
    } else if let index = breakpoints.firstIndex(where: { $0.pattern == pattern }) {
      breakpoints.remove(at: index)
      message = "Breakpoint “\(text)” is cleared."
    } else {
      let cycles = pattern.cycles(in: runs)
      let count = cycles.count
      if count == 0 {
        message = "No event matches “\(text)”: no breakpoint set."
      } else {
        breakpoints.append(Breakpoint(pattern: pattern, cycles: cycles))
        message = "Breakpoint “\(text)” stops at \(count) cycle\(count == 1 ? "" : "s")."
      }
    }
  }

  mutating func watch(_ text: String) {
    if text.isEmpty {
      watch = nil
      message = "Watching nothing."
    } else if let tile = TileName(text), !tile.writes(in: runs).isEmpty {
      watch = tile
      message = "Watching \(tile.text): c and C stop at its writes, W goes back to the last."
    } else {
      message = "No tile “\(text)” in this run; for example O[0] or S[0,1]."
    }
  }

  /// Goes to where a larger score makes what was summed before shrink: to the cycle at which α is known.
  mutating func goToRise(ofAnyRow: Bool, forward: Bool) {
    let own = traces.flatMap { $0.rises.map(\.known) }
    let all = runs.flatMap { run in
      run.recording.extracts.factors.filter { $0.values.contains { $0 > 0 && $0 < 1 } }.map(\.cycle)
    }
    let cycles = Set(ofAnyRow ? all : own).sorted()
    let moment = Moment(runs[focus], at: cycle)
    let row = moment.rowName(moment.followedRow(selection), selection)
    let place = forward ? "ahead" : "behind"
    let none =
      all.isEmpty
      ? "In no run on the screen does a maximum rise." : "No rise of any maximum \(place)."
    go(
      forward: forward, among: cycles,
      orSay: ofAnyRow || all.isEmpty ? none : "No rise of the maximum of \(row) \(place).")
  }

  private mutating func go(forward: Bool, among cycles: [Int], orSay failure: String) {
    let index = cycles.firstIndex(above: forward ? cycle : cycle - 1)
    if forward, index < cycles.count {
      move(to: cycles[index])
    } else if !forward, index > 0 {
      move(to: cycles[index - 1])
    } else {
      message = failure
    }
  }

  /// The tile that the current event of the run in focus is about.
  var currentTile: TileName? {
    let moment = Moment(runs[focus], at: cycle)
    return moment.current.flatMap(moment.place).flatMap(moment.tile).map(TileName.init)
  }

  /// The text that a prompt suggests; empty for none.
  func suggestion(for purpose: Prompt.Purpose) -> String {
    guard purpose == .breakpoint else { return "" }
    let moment = Moment(runs[focus], at: cycle)
    return moment.current.map { moment.recording.text(of: $0) } ?? ""
  }
}
