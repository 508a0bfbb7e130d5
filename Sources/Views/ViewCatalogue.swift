// Every view that can fill the screen. A view is a type that conforms to `View`, and a line here.

/// Every view that can fill the screen, in the order in which `v` goes through them.
package enum ViewCatalogue {
  package static let views: [any View] = [
    RaceView(), LedgerView(), TileView(.numbers), TileView(.heat), TrafficView(),
    TimelineView(), RooflineView(), RecomputeView(), ChipView(), SMView(), CyclesView(),
    LaunchesView(),
  ]

  package static func index(of name: String) -> Int? { views.firstIndex { $0.name == name } }
}
