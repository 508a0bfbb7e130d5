// A plot as a drawing: lines of dots, letters, axes with labels, and a legend.

import Canvas
import Testing
import Views

@Suite("A plot")
struct PlotTests {
  private func plot(_ ys: [[Double?]], isLogarithmic: Bool = true) -> Plot {
    var plot = Plot(title: "seconds (s)", xName: "n", yUnit: "s", isLogarithmic: isLogarithmic)
    plot.ticks = [64, 128, 256]
    for (values, name) in zip(ys, ["first", "second"]) {
      let points = zip(plot.ticks, values).map { Plot.Point(x: $0, y: $1) }
      plot.series.append(Plot.Series(name: name, points: points))
    }
    return plot
  }

  @Test("with logarithmic axes shows a power law as a straight line")
  func logarithmic() {
    let canvas = plot([[1e-5, 1e-4, 1e-3], [1e-5, 1e-5, nil]]).canvas(width: 44, height: 12)
    #expect(canvas.lines == plotLines, "\(canvas.lines.joined(separator: "\n"))")
    #expect(canvas.inkLines[4].contains("l") && canvas.inkLines[8].contains("s"))
  }

  @Test("without dots that a terminal lacks is the same picture")
  func ascii() {
    let canvas = plot([[1e-5, 1e-4, 1e-3]]).canvas(width: 44, height: 12).asciiOnly
    #expect(canvas.lines.allSatisfy { $0.allSatisfy(\.isASCII) })
    #expect(!canvas.lines.joined().contains("?"))
  }

  @Test("keeps its size, whatever is in it")
  func sizes() {
    let cases: [[[Double?]]] = [
      [[nil, nil, nil]], [[0, 0, 0]], [[5, 5, 5], [-1, 0, 1]], [[1, nil, 3]],
    ]
    for values in cases {
      for isLogarithmic in [true, false] {
        let canvas = plot(values, isLogarithmic: isLogarithmic).canvas(width: 80, height: 22)
        #expect(canvas.width == 80 && canvas.height == 22)
        #expect(canvas.lines[0].contains("seconds (s)"))
      }
    }
    let empty = plot([[nil, nil, nil]]).canvas(width: 80, height: 22)
    #expect(empty.lines[2].contains("no point has a value"))
  }

  @Test(
    "labels have three digits at most",
    arguments: [
      (1.5e-3, "s", "1.5 ms"), (40.26e9, "B", "40.3 GB"), (512, "", "512"), (1e-7, "s", "100 ns"),
      (0.999_96e-3, "s", "1 ms"), (0, "s", "0 s"), (0.42, "", "0.42"), (2, "×", "2×"),
      (65536, "", "65.5 k"), (191.6, "TFLOP/s", "192 TFLOP/s"), (-3, "", "-3"),
    ])
  func labels(value: Double, unit: String, text: String) {
    #expect(engineering(value, unit) == text)
  }
}

private let plotLines = [
  "seconds (s), over n, log-log",
  "     1 ms ┤                              ⢀⡠A",
  "          │                          ⣀⠤⠒⠊⠁",
  "          │                     ⢀⡠⠔⠒⠉",
  "   100 µs ┤                A⣀⠤⠒⠉⠁",
  "          │            ⣀⡠⠔⠊⠉",
  "          │       ⢀⣀⠤⠒⠉",
  "          │   ⣀⠤⠔⠊⠁",
  "    10 µs ┤AB⠭⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤B",
  "          └┴───────────────┴───────────────┴",
  "n         64              128            256",
  "A first   B second",
]
