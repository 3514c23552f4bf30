// SPDX-License-Identifier: GPL-3.0-or-later
#include <QElapsedTimer>
#include <QGuiApplication>
#include <QImage>
#include <QPixmap>
#include <QProcess>
#include <QProcessEnvironment>
#include <QScreen>
#include <QSet>
#include <QTemporaryDir>
#include <QtTest>
#include <algorithm>
#include <cstdio>
#include <fcntl.h>
#include <unistd.h>
#include <vector>

/// Starts the real program and watches the screen, as a reader does. Prints how long it took; asserts no times, which
/// belong to the machine.
class tst_StartUp : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void theWindowAppears_data();
    void theWindowAppears();
    void aPictureOf3dIsNotPaidForAtTheStart();

private:
    QString m_program;
};

namespace {

// A painted window has text, icons and lines in many colours; an empty screen and a window not yet painted have one or
// two.
bool isPainted(const QImage &screen)
{
    QSet<QRgb> colours;
    for (int y = 0; y < screen.height(); y += 2)
        for (int x = 0; x < screen.width(); ++x) {
            colours.insert(screen.pixel(x, y));
            if (colours.size() > 24)
                return true;
        }
    return false;
}

// The kernel forgets what it keeps of files, where this user may ask for that.
bool dropFileCaches()
{
    sync();
    const int file = open("/proc/sys/vm/drop_caches", O_WRONLY);
    if (file < 0)
        return false;
    const bool done = write(file, "3", 1) == 1;
    close(file);
    return done;
}

} // namespace

void tst_StartUp::initTestCase()
{
    m_program = qEnvironmentVariable("CONSILIUM_BIN") + QStringLiteral("/consilium");
    if (!QFile::exists(m_program))
        QSKIP("The program is not built, or CONSILIUM_BIN does not say where");
    if (QGuiApplication::platformName() != QLatin1String("xcb"))
        QSKIP("Needs a screen of X to look at");
}

void tst_StartUp::theWindowAppears_data()
{
    QTest::addColumn<bool>("cold");
    QTest::addColumn<int>("times");
    QTest::newRow("warm") << false << 8;
    QTest::newRow("nothing of it in memory") << true << 4;
}

void tst_StartUp::theWindowAppears()
{
    QFETCH(bool, cold);
    QFETCH(int, times);
    if (cold && !qEnvironmentVariableIsSet("CONSILIUM_COLD_START"))
        QSKIP("Slows down everything on this machine: set CONSILIUM_COLD_START to measure it, as root");
    QScreen *screen = QGuiApplication::primaryScreen();
    const QTemporaryDir home;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("HOME"), home.path());
    environment.insert(QStringLiteral("XDG_CONFIG_HOME"), home.path());
    std::vector<qint64> took;
    for (int run = 0; run <= times; ++run) {
        QTRY_VERIFY(!isPainted(screen->grabWindow(0).toImage())); // the last one has left the screen
        if (cold && !dropFileCaches())
            QSKIP("This user may not drop the file caches");
        QProcess program;
        program.setProcessEnvironment(environment);
        program.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        QElapsedTimer clock;
        clock.start();
        program.start(m_program, {});
        QVERIFY(program.waitForStarted());
        bool painted = false;
        while (!painted && clock.elapsed() < 20000 && program.state() == QProcess::Running) {
            painted = isPainted(screen->grabWindow(0).toImage());
            if (!painted)
                program.waitForFinished(4); // it does not: a rest between two looks, that ends early if it dies
        }
        const qint64 elapsed = clock.elapsed();
        program.terminate();
        QVERIFY(program.waitForFinished());
        QVERIFY2(painted, "No window was painted");
        if (run > 0 || cold) // the first warm run warms
            took.push_back(elapsed);
    }
    std::sort(took.begin(), took.end());
    std::printf("start to painted window, %s: median %lld ms, best %lld ms, worst %lld ms of %zu\n",
                QTest::currentDataTag(), static_cast<long long>(took[took.size() / 2]),
                static_cast<long long>(took.front()), static_cast<long long>(took.back()), took.size());
    std::fflush(stdout);
}

// The libraries that draw in 3D are for the reader who looks at it; nobody else waits for them or keeps them in memory.
void tst_StartUp::aPictureOf3dIsNotPaidForAtTheStart()
{
    const QTemporaryDir home;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("XDG_CONFIG_HOME"), home.path());
    QProcess program;
    program.setProcessEnvironment(environment);
    program.start(m_program, {});
    QVERIFY(program.waitForStarted());
    QTRY_VERIFY_WITH_TIMEOUT(isPainted(QGuiApplication::primaryScreen()->grabWindow(0).toImage()), 20000);
    QFile maps(QStringLiteral("/proc/%1/maps").arg(program.processId()));
    QVERIFY(maps.open(QIODevice::ReadOnly));
    const QByteArray mapped = maps.readAll();
    program.terminate();
    QVERIFY(program.waitForFinished());
    QVERIFY(mapped.contains("libQt6Widgets"));
    QVERIFY(!mapped.contains("libvtk"));
    QVERIFY(!mapped.contains("libLLVM"));
}

QTEST_MAIN(tst_StartUp)
#include "tst_start_up.moc"
