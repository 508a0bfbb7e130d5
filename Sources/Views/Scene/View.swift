// What a view is: a pure function from a scene to cells.

import Canvas

/// A view that can fill the body of the screen.
package protocol View: Sendable {
  /// The name that the command `:view` takes.
  var name: String { get }
  /// True for a view that needs the whole body and draws its own clock.
  var standsAlone: Bool { get }
  /// False if the view has nothing to say about these runs: it then says why, and `v` skips it.
  func applies(to scene: Scene) -> Bool
  /// Draws the scene into `rect`, and adds the targets that a click can hit.
  func draw(_ scene: Scene, in rect: Rect, on picture: inout Picture)
}

extension View {
  package var standsAlone: Bool { false }
  package func applies(to scene: Scene) -> Bool { true }
}
