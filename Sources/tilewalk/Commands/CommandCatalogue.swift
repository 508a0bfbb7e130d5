// Every command, in the order of the help page. To add one: a file in this folder, and a line here.

import ArgumentParser

/// The commands of `tilewalk`.
enum CommandCatalogue {
  static let commands: [any ParsableCommand.Type] = [
    LibraryCommand.self,
    DemoCommand.self,
    PlayCommand.self,
    LessonCommand.self,
    RunCommand.self,
    TrainingStepCommand.self,
    CompareCommand.self,
    SweepCommand.self,
    ReproduceCommand.self,
    CheckCommand.self,
    ExportCommand.self,
    ListCommand.self,
    ShowCommand.self,
  ]
}
