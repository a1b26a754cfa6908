import KPICore
import KPIModel

/// What a question is about: when it is asked for, its KPIs and their periods.
package struct Outline: Sendable {
    package let question: Question
    package let asOf: Instant
    package let range: Window
    package let kpis: [PlannedKPI]
    package var grains: [PlannedGrain]
    let frameMaker: FrameMaker
}

/// Everything needed to answer a question: which scans to run, and how cells are made of them.
package struct Plan: Sendable {
    package let question: Question
    package let asOf: Instant
    package let range: Window
    package let kpis: [PlannedKPI]
    package let grains: [PlannedGrain]
    package let scans: [Scan]
    let frameMaker: FrameMaker
    let filterSpans: [TimeAxis: Window]
}

package struct PlannedKPI: Sendable {
    package let card: Card
    /// Intersection of the coverages of its measures, before as-of; nil when some has none.
    let coverage: Window?
    /// What is not covered in between.
    var gaps: [Window] = []
    /// Measures without data for which the formula has something else: `coalesce(x, 0)`.
    var unmapped: Set<MeasureUse> = []
    /// What measures look back at, and what of it is covered.
    var lookbacks: [MeasureUse: [CoveredLookback]] = [:]
    /// The least watermark of its datasets; nil when one is not loaded.
    package let watermark: Instant?
    /// When the periods begin that this version of the definition applies to.
    var begins = Window.always
    /// Before every version: its periods have no value.
    var isUndefined = false

    /// The part of a frame that all its measures cover; nil when there is none.
    func covered(_ frame: Frame) -> CoveredWindow? {
        coverage.flatMap { frame.covered(by: $0, without: gaps) }
    }

    /// Which frames of a grain it answers for.
    func answered(_ frames: [Frame]) -> [Int] {
        frames.indices.filter { begins.contains(frames[$0].begins) }
    }
}

/// The days before the end of a window that a measure looks at.
struct CoveredLookback: Sendable {
    let days: Int
    let coverage: Window
    let gaps: [Window]

    /// Whether all of them are covered.
    func isCovered(before window: Window, _ calendar: BusinessCalendar) -> Bool {
        let trailing = calendar.rolling(window, days, .day)
        return trailing.start >= coverage.start
            && gaps.allSatisfy { $0.intersection(trailing).isEmpty }
    }
}

package struct PlannedGrain: Sendable {
    package let grain: Grain
    package let names: [String]
    package let frames: [Frame]

    /// The periods that a version answers for; nil when there are none, and others have some.
    package func part(of kpi: PlannedKPI) -> PlannedGrain? {
        if kpi.begins == .always { return self }
        let own = kpi.answered(frames)
        if own.isEmpty { return nil }
        return PlannedGrain(
            grain: grain, names: own.map { names[$0] }, frames: own.map { frames[$0] })
    }
}

extension Plan {
    /// The versions of each KPI asked for, in order.
    var versions: [[PlannedKPI]] {
        var groups: [[PlannedKPI]] = []
        for kpi in kpis {
            if let last = groups.last?.last, last.card.id == kpi.card.id,
                last.begins.end == kpi.begins.start
            {
                groups[groups.count - 1].append(kpi)
            } else {
                groups.append([kpi])
            }
        }
        return groups
    }
}

/// One statement for the engine and what its columns mean.
package struct Scan: Sendable {
    package enum Shape: Sendable {
        /// Additive measures by day and dimensions: rolled up at home.
        case partials
        /// Measures computed in every window and grouping from the records.
        case windows
        /// Kept partials, rolled up in every window and grouping; the last window is the range.
        case kept
        /// Which groups of stocks and cohorts occur in which windows.
        case presence
        /// Which units of the organisation exist when.
        case existence
        /// Figures that are stated for periods, row by row.
        case lookup
    }

    package let key: ScanKey
    package let shape: Shape
    package let statement: SQLText
    /// Ingested as a temporary table of this name before the statement runs.
    package let windowTable: (name: String, table: Table)?
    package let boundsTable: (name: String, table: Table)?
    let layout: ScanLayout
    /// Of a roll-up of kept partials: how these are made and renewed.
    package var kept: KeptPartials?
}

/// How the columns of a scan's answer are laid out.
struct ScanLayout: Sendable {
    /// Dimensions in the order of the columns `d0`, `d1`, …
    var dimensions: [String]
    /// For each value of the column `g`: the dimensions grouped by. Nil: all, and no column `g`.
    var sets: [Int: [String]]
    var measures: [LaidOutMeasure]
    /// The windows of ids 0, 1, … in a window scan.
    var windows: [CoveredWindow]
    /// Of kept partials: outside of which there are no records.
    var records: Window?
    /// Of partials: the windows to roll up to, for each (sorted) grouping.
    var rollups: [[String]: [RollupWindow]] = [:]
}

/// A window and the local days whose partials make it up.
struct RollupWindow: Sendable {
    let window: CoveredWindow
    let days: [ClosedRange<Int>]
}

/// The columns of one measure in a scan's answer.
struct LaidOutMeasure: Sendable {
    let use: MeasureUse
    /// `v0`, …; for a mean the sum.
    let value: String
    /// Records or keys behind the value; for a mean the count.
    let count: String
    let open: String?
    /// For intervals: the sum of squares of a mean, the bounds of a median.
    var squares: String?
    var low: String?
    var high: String?
}

/// What a measure is asked for: windows in groupings.
struct Demand: Hashable {
    var use: MeasureUse
    /// Sorted dimensions.
    var grouping: [String]
    var windows: Set<CoveredWindow>
}
