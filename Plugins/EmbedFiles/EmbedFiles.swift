// The build plugin that embeds devices, kernels, lessons, published figures and samples in the
// program: every file in their folders except README.md, also files that are added later.
import Foundation
import PackagePlugin

/// Runs `embed-files` over these folders whenever one of their files has changed.
@main
struct EmbedFiles: BuildToolPlugin {
  private static let folders = [
    "Devices", "Kernels", "Kernels/Approximate", "Kernels/Decoding", "Kernels/Faults", "Lessons",
    "Published", "Samples",
  ]

  func createBuildCommands(context: PluginContext, target: Target) throws -> [Command] {
    let package = context.package.directoryURL
    let output = context.pluginWorkDirectoryURL.appending(path: "ShippedFiles.swift")
    let inputs = try Self.folders.flatMap { folder in
      try FileManager.default.contentsOfDirectory(
        at: package.appending(path: folder), includingPropertiesForKeys: nil)
    }.filter {
      $0.lastPathComponent != "README.md" && !$0.lastPathComponent.hasPrefix(".")
        && !$0.hasDirectoryPath
    }
    let tool = try context.tool(named: "embed-files")
    return [
      .buildCommand(
        displayName: "Embedding \(inputs.count) files", executable: tool.url,
        arguments: [output.path(), package.path()] + inputs.map { $0.path() }.sorted(),
        inputFiles: inputs, outputFiles: [output])
    ]
  }
}
