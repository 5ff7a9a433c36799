import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.MongoVersion;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.wire.message.MongoMessage;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.h2.mvstore.MVStore;

/**
 * A stand-in that speaks MongoDB's protocol: mongo-java-server on a file, which writes every command to that
 * file before it answers. What it acknowledged is there again after SIGKILL. It is not MongoDB: no
 * transactions, no updates by pipeline. Arguments: the file, the port on 127.0.0.1.
 */
public final class StandInServer {
  private static final Set<String> WRITES = Set.of(
      "insert", "update", "delete", "findAndModify", "findandmodify",
      "create", "createIndexes", "drop", "dropDatabase", "dropIndexes", "renameCollection");

  public static void main(String[] arguments) {
    MVStore store = new MVStore.Builder().fileName(arguments[0]).autoCommitDisabled().open();
    MongoServer server = new MongoServer(new DurableBackend(store).version(new DriverVersion()));
    server.enableOplog();
    server.bind("127.0.0.1", Integer.parseInt(arguments[1]));
    Runtime.getRuntime().addShutdownHook(new Thread(server::shutdownNow));
    System.err.println("ready");
  }

  /** What the drivers of today ask for at least, and a little more. */
  private static final class DriverVersion implements MongoVersion {
    @Override
    public List<Integer> getVersionArray() {
      return List.of(5, 0, 0);
    }

    @Override
    public int getWireVersion() {
      return 13;
    }
  }

  private static final class DurableBackend extends H2Backend {
    DurableBackend(MVStore store) {
      super(store);
    }

    @Override
    public Document handleMessage(MongoMessage message) {
      Document command = message.getDocument();
      if (command.containsKey("hello")) return hello();
      boolean writes = command.keySet().stream().anyMatch(WRITES::contains);
      try {
        return super.handleMessage(message);
      } finally {
        // Also after an error: a part of a bulk may have been stored.
        if (writes) commit();
      }
    }

    private Document hello() {
      return new Document("isWritablePrimary", Boolean.TRUE)
          .append("maxBsonObjectSize", 16 * 1024 * 1024)
          .append("maxMessageSizeBytes", 48_000_000)
          .append("maxWriteBatchSize", 100_000)
          .append("localTime", Instant.now())
          .append("minWireVersion", 0)
          .append("maxWireVersion", 13)
          .append("readOnly", Boolean.FALSE)
          .append("ok", 1.0);
    }
  }
}
