package report;

import evidence.EvidenceDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Availability as a grid: a row a soak day, a cell a slot, or several where a day has too many to be seen. */
public final class HtmlSlots {
  private static final int MOST_COLUMNS = 96;
  /** Worst last: of the slots that share a cell the worst is shown. */
  private static final List<String> ORDER = List.of("to come", "ok", "missed", "interrupted", "failed");

  /**
   * @param x left edge in percent
   * @param title the round, or the slot that has none
   */
  public record Cell(String kind, String x, String title) {}

  public record Day(long number, String y, List<Cell> cells) {}

  /** @param round_id null for a slot without a round */
  public record Bad(String slot, String status, String round_id) {}

  private final int perDay;
  private final int perCell;
  private final List<Day> days = new ArrayList<>();
  private final List<Bad> bad = new ArrayList<>();
  private final long firstPlace;
  private final long dayCount;

  /**
   * @param from first slot shown
   * @param to the one after the last
   * @param firstPlace second of the UTC date at which a day of the soak begins
   */
  HtmlSlots(EvidenceDatabase database, long from, long to, int perDay, long firstPlace) {
    this.perDay = perDay;
    this.perCell = (perDay + MOST_COLUMNS - 1) / MOST_COLUMNS;
    this.firstPlace = firstPlace;
    this.dayCount = (to - 1) / perDay - from / perDay + 1;
    List<Cell> row = null;
    long number = -1;
    String kind = null;
    String title = null;
    for (Map<String, Object> slot : Evidence.rows(database, "SELECT * FROM slot_page WHERE slot >= ? AND slot < ? ORDER BY slot", from, to)) {
      long place = (Long) slot.get("place");
      String status = (String) slot.get("status");
      if ((Long) slot.get("soak_day") != number) {
        number = (Long) slot.get("soak_day");
        row = new ArrayList<>();
        days.add(new Day(number, HtmlAxis.percent(100.0 * (days.size() + 0.07) / dayCount), row));
      }
      String round = (String) slot.get("round_ids");
      String own = (round == null ? "slot " + slot.get("slot") + ", " + slot.get("starts") + " UTC" : round) + ": " + status;
      if (place % perCell == 0 || row.isEmpty()) {
        kind = status;
        title = own;
        row.add(null);
      } else if (ORDER.indexOf(status) > ORDER.indexOf(kind)) {
        kind = status;
        title = own;
      }
      row.set(row.size() - 1, new Cell(kind.replace(' ', '-'), HtmlAxis.percent(100.0 * (place / perCell) / getColumns()), title));
      if (!status.equals("ok") && !status.equals("to come")) {
        bad.add(new Bad((String) slot.get("starts"), status, round));
      }
    }
  }

  public int getColumns() {
    return (perDay + perCell - 1) / perCell;
  }

  /** In percent, as the height is: a gap remains. */
  public String getCellWidth() {
    return HtmlAxis.percent(88.0 / getColumns());
  }

  public String getCellHeight() {
    return HtmlAxis.percent(86.0 / dayCount);
  }

  public int getPerCell() {
    return perCell;
  }

  public List<Day> getDays() {
    return days;
  }

  public List<Bad> getBad() {
    return bad;
  }

  /** Where the hours lie, as the soak's day begins when the soak began. */
  public List<HtmlAxis.Tick> getHours() {
    List<HtmlAxis.Tick> hours = new ArrayList<>();
    for (int hour = 0; hour < 24; hour += 3) {
      long seconds = Math.floorMod(hour * 3600L - firstPlace, 86_400L);
      hours.add(HtmlAxis.Tick.at(seconds / 864.0, (hour < 10 ? "0" : "") + hour + ":00", hour % 6 != 0));
    }
    return hours;
  }
}
