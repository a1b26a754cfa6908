import KPICore
import KPIModel

/// Which number of a measure is read.
enum LeafPart {
    case value
    /// The sum behind a mean.
    case sum
    case count
    case open
    /// Sum of the squares behind a mean, in squared units of the value.
    case squares
    /// Bounds of a median.
    case low, high
}

/// Reads a measure's numbers for frames and groups out of the cubes.
struct LeafReader {
    let measure: Measure
    let use: MeasureUse
    let cubes: CubeStore
    let kpi: PlannedKPI
    let space: GroupSpace
    let calendar: BusinessCalendar
    let asOf: Instant
    /// What the question's filter leaves of the time column.
    let filterSpan: Window

    func read(_ part: LeafPart, _ frames: [Frame]) -> Vector {
        let count = frames.count * space.groupCount
        guard let coverage = kpi.coverage else { return .missing(.noData, count: count) }
        let sources = sources()
        var state = [CellState](repeating: .noData, count: count)
        var slots = [Slot](repeating: .none, count: frames.count)
        for (index, frame) in frames.enumerated() {
            guard let covered = kpi.covered(frame) else { continue }
            let window = covered.window
            let slot = sources.indices.lazy.compactMap { source in
                sources[source].cube.windowIndex[covered].map { Slot(source: source, window: $0) }
            }.first
            guard let slot else {
                assertionFailure("the plan demands every window that is read")
                continue
            }
            slots[index] = slot
            let isPartial =
                frame.isCut || window != frame.window || !covered.gaps.isEmpty
                || !filterSpan.contains(window)
            fill(
                &state, index,
                isPartial
                    ? .partial : measure.isOpen(frame, asOf: asOf, calendar) ? .provisional : .final
            )
            ripen(&state, index, frame.window, coverage.end)
            if isBeforeSnapshots(window, coverage) || looksBeyond(window) {
                fill(&state, index, .noData)
            }
        }
        switch part {
        case .count: return Vector(numbers: gather(sources, slots) { $0.count }, state: state)
        case .open:
            return Vector(numbers: gather(sources, slots) { $0.open ?? $0.count }, state: state)
        case .sum:
            return seconds(Vector(numbers: gather(sources, slots) { $0.value }, state: state))
        case .squares:
            let factor = measure.isDuration ? 1e-12 : 1
            let numbers = gather(sources, slots) { $0.squares ?? $0.value }
            return Vector(numbers: .double(numbers.doubles.map { $0 * factor }), state: state)
        case .low, .high:
            let numbers = gather(sources, slots) {
                (part == .low ? $0.low : $0.high) ?? $0.value
            }
            let counts = gather(sources, slots) { $0.count }
            return seconds(
                without(
                    Vector(numbers: numbers, state: state), counts, fewerThan: 6, .notApplicable))
        case .value:
            let plain = Vector(numbers: gather(sources, slots) { $0.value }, state: state)
            return value(plain) { gather(sources, slots) { $0.count } }
        }
    }

    private func fill(_ state: inout [CellState], _ frame: Int, _ value: CellState) {
        let first = frame * space.groupCount
        for cell in first..<first + space.groupCount { state[cell] = value }
    }

    /// Before the first snapshot nothing was counted, which is not to say that there was nothing.
    private func isBeforeSnapshots(_ window: Window, _ coverage: Window) -> Bool {
        guard let stock = measure.stock, stock.isSnapshot, stock.moment == .opening else {
            return false
        }
        return window.start <= coverage.start
    }

    /// Whether something is looked at before the end of the window that is not covered.
    private func looksBeyond(_ window: Window) -> Bool {
        (kpi.lookbacks[use] ?? []).contains { !$0.isCovered(before: window, calendar) }
    }

    // MARK: Settled or not

    /// Ages that no entity of the cohort can have reached have no value; those that not all have left
    /// are provisional.
    private func ripen(
        _ state: inout [CellState], _ frame: Int, _ window: Window, _ end: Instant
    ) {
        guard let unit = measure.entity?.cohort?.age,
            let place = space.dimensions.firstIndex(of: Cohort.ageDimension)
        else { return }
        let first = calendar.period(unit, containing: calendar.zone.local(window.start)).start
        let last = calendar.period(unit, containing: calendar.zone.local(window.end - 1)).start
        for (group, members) in space.groups.enumerated() {
            guard let age = Int(members[place]) else { continue }
            let begins = calendar.zone.instant(calendar.shift(first, by: age, unit))
            let ends = calendar.zone.instant(calendar.shift(last, by: age + 1, unit))
            let cell = frame * space.groupCount + group
            if begins >= end {
                state[cell] = .noData
            } else if ends > end {
                state[cell] = max(state[cell], .provisional)
            }
        }
    }

    // MARK: Gathering

    private struct Source {
        let cube: Cube
        let columns: LaidOutMeasure
        /// For every group of the space the group of the cube, or −1.
        let groups: [Int32]
    }

    private struct Slot {
        var source: Int
        var window: Int
        static let none = Slot(source: -1, window: 0)
    }

    private func sources() -> [Source] {
        cubes.cubes(use, space.dimensions.sorted()).map { cube, columns in
            Source(cube: cube, columns: columns, groups: space.places(in: cube))
        }
    }

    /// The numbers of one column; 0 where the cubes have no such group.
    private func gather(
        _ sources: [Source], _ slots: [Slot], _ column: (LaidOutMeasure) -> String
    ) -> Numbers {
        let parts = sources.map { $0.cube.columns[column($0.columns)] ?? .integer([]) }
        if parts.contains(where: { if case .double = $0 { true } else { false } }) {
            return .double(pick(sources, slots, parts.map(\.doubles)))
        }
        let scale = parts.compactMap { if case .decimal(_, let scale) = $0 { scale } else { nil } }
            .max()
        guard let scale else {
            let arrays = parts.map { if case .integer(let a) = $0 { a } else { [Int64]() } }
            return .integer(pick(sources, slots, arrays))
        }
        return .decimal(
            pick(sources, slots, parts.map { Self.mantissas($0, scale: scale) }), scale: scale)
    }

    private static func mantissas(_ numbers: Numbers, scale: Int) -> [Int128] {
        let (values, own) = Arithmetic.mantissas(numbers)
        if own == scale { return values }
        let factor = ExactDecimal.powerOfTen(scale - own)!
        return values.map { $0 * factor }
    }

    /// O(cells), reading each window's groups in order.
    private func pick<T: AdditiveArithmetic>(
        _ sources: [Source], _ slots: [Slot], _ arrays: [[T]]
    ) -> [T] {
        let width = space.groupCount
        var result = [T](repeating: .zero, count: slots.count * width)
        result.withUnsafeMutableBufferPointer { result in
            for (frame, slot) in slots.enumerated() where slot.source >= 0 {
                let source = sources[slot.source]
                let base = slot.window * source.cube.groupCount
                arrays[slot.source].withUnsafeBufferPointer { values in
                    for (group, place) in source.groups.enumerated() where place >= 0 {
                        result[frame * width + group] = values[base + Int(place)]
                    }
                }
            }
        }
        return result
    }

    // MARK: Values

    private func value(_ plain: Vector, _ counts: () -> Numbers) -> Vector {
        switch measure.aggregate.kind {
        case .count, .distinct: return plain
        case .sum: return seconds(plain)
        case .mean: return Self.mean(seconds(plain), counts())
        case .min, .max, .median, .percentile:
            return seconds(without(plain, counts(), fewerThan: 1, .noRows))
        case .stddev: return seconds(without(plain, counts(), fewerThan: 2, .notApplicable))
        case .latest, .earliest: preconditionFailure("no aggregate of a measure")
        }
    }

    /// Sums divided by counts; none where there are no rows.
    static func mean(_ sum: Vector, _ counts: Numbers) -> Vector {
        var result = sum.numbers.doubles
        var state = sum.state
        let divisors = counts.doubles
        for index in result.indices {
            if divisors[index] != 0 {
                result[index] /= divisors[index]
            } else {
                result[index] = 0
                if state[index].hasValue { state[index] = .noRows }
            }
        }
        return Vector(numbers: .double(result), state: state)
    }

    private func without(
        _ vector: Vector, _ counts: Numbers, fewerThan least: Double, _ reason: CellState
    ) -> Vector {
        var result = vector
        for index in result.state.indices where result.state[index].hasValue {
            if counts.double(index) < least { result.state[index] = reason }
        }
        return result
    }

    /// Durations leave the engine in microseconds and are seconds from here on, exactly.
    private func seconds(_ vector: Vector) -> Vector {
        guard measure.isDuration else { return vector }
        var result = vector
        switch vector.numbers {
        case .integer(let values):
            result.numbers = .decimal(values.map { Int128($0) }, scale: 6)
        case .decimal(let values, let scale): result.numbers = .decimal(values, scale: scale + 6)
        case .double(let values): result.numbers = .double(values.map { $0 / 1_000_000 })
        }
        return result
    }
}

extension Measure {
    /// Whether the measure's window reaches from the end of the period beyond as-of.
    func isOpen(_ frame: Frame, asOf: Instant, _ calendar: BusinessCalendar) -> Bool {
        guard let window else { return false }
        let end = calendar.zone.local(frame.window.end)
        let unit = window.isHours ? Grain.hour : .day
        return asOf < calendar.zone.instant(calendar.shift(end, by: window.count, unit))
    }

    /// Whether its numbers are microseconds in the engine.
    var isDuration: Bool {
        guard let argument = aggregate.argument, aggregate.kind != .count,
            aggregate.kind != .distinct
        else { return false }
        return argument.type == .duration
    }
}
