// What pgJDBC lists and reads with a URL: java -cp postgresql.jar ListTables.java URL QUERY
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;

public class ListTables {
  public static void main(String[] args) throws Exception {
    try (Connection connection = DriverManager.getConnection(args[0])) {
      String[] types = {"TABLE", "VIEW", "PARTITIONED TABLE", "MATERIALIZED VIEW", "FOREIGN TABLE"};
      ResultSet tables = connection.getMetaData().getTables(null, null, "%", types);
      while (tables.next()) System.out.println("table " + tables.getString(2) + "." + tables.getString(3));
      ResultSet columns = connection.getMetaData().getColumns(null, "%", "leads_v1", "%");
      while (columns.next()) {
        boolean described = columns.getString("REMARKS") != null;
        System.out.println("column " + columns.getString(4) + " " + columns.getString(6) + (described ? "" : " without a comment"));
      }
      ResultSet rows = connection.createStatement().executeQuery(args[1]);
      while (rows.next()) {
        StringBuilder line = new StringBuilder("row");
        for (int at = 1; at <= rows.getMetaData().getColumnCount(); at++) line.append(' ').append(rows.getString(at));
        System.out.println(line);
      }
    }
  }
}
