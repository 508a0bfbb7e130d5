// Every view that can fill the screen. To add one: a type that conforms to `View`, and a line here.

/// The views, in the order in which `v` goes through them.
package enum ViewCatalogue {
  package static let views: [any View] = [
    RaceView(), LedgerView(), TileView(.numbers), TileView(.heat), DifferenceView(), TrafficView(),
    TimelineView(), RooflineView(), RecomputeView(), ChipView(), SMView(), CyclesView(),
    LaunchesView(),
  ]

  /// Index in `views` of the view called `name`; nil if there is none.
  package static func index(of name: String) -> Int? { views.firstIndex { $0.name == name } }
}
