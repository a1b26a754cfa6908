/// A step that printed something else than its document shows.
struct DocumentFinding: CustomStringConvertible {
    let document: String
    let line: Int
    let action: String
    /// Nil for a file, below which nothing is shown.
    let command: Transcript.Command?
    let alignment: Alignment

    static func all(in transcript: Transcript, printed: [[String]]) -> [DocumentFinding] {
        zip(transcript.steps, printed).compactMap { step, output in
            let finding =
                switch step {
                case .command(let command):
                    DocumentFinding(
                        document: transcript.name, line: command.line,
                        action: "$ " + command.text, command: command,
                        alignment: Alignment(shown: transcript.shown(command), printed: output))
                case .file(let file):
                    DocumentFinding(
                        document: transcript.name, line: file.line,
                        action: "the file \(file.path)", command: nil,
                        alignment: Alignment(shown: [], printed: output))
                }
            return finding.alignment.fits ? nil : finding
        }
    }

    var description: String {
        """
        \(document):\(line): \(action)
        - shown, + printed:
        \(alignment.differences)
        """
    }
}
