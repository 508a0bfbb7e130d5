// A view: a pure function from a scene to cells.

import Canvas

/// A panel: a pure function from a scene to cells.
package protocol View: Sendable {
  /// The name after `:view`.
  var name: String { get }
  /// It needs the whole screen and brings its own clock.
  var standsAlone: Bool { get }
  /// It has something to say of these runs; else it says why not, and `v` passes it over.
  func isAbout(_ scene: Scene) -> Bool
  func draw(_ scene: Scene, in rect: Rect, on picture: inout Picture)
}

extension View {
  package var standsAlone: Bool { false }
  package func isAbout(_ scene: Scene) -> Bool { true }
}
