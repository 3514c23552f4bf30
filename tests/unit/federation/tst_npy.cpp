// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/npy.h"

#include <QTest>

using namespace consilium;
using namespace consilium::federation;

class tst_Npy : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void writesNumPysOwnBytes_data();
    void writesNumPysOwnBytes();
    void readsWhatItWrites();
    void refusesWhatItCannotHold_data();
    void refusesWhatItCannotHold();
};

void tst_Npy::writesNumPysOwnBytes_data() // from the format's text: 10 bytes, dictionary, spaces to a multiple of 64,
                                          // newline
{
    QTest::addColumn<QList<qint64>>("shape");
    QTest::addColumn<QByteArray>("dictionary");
    QTest::newRow("scalar") << QList<qint64>{} << QByteArray("{'descr': '<f4', 'fortran_order': False, 'shape': (), }");
    QTest::newRow("vector") << QList<qint64>{3}
                            << QByteArray("{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }");
    QTest::newRow("kernel") << QList<qint64>{24, 1, 3, 3, 3}
                            << QByteArray("{'descr': '<f4', 'fortran_order': False, 'shape': (24, 1, 3, 3, 3), }");
}

void tst_Npy::writesNumPysOwnBytes()
{
    QFETCH(QList<qint64>, shape);
    QFETCH(QByteArray, dictionary);
    const auto header = QByteArray::fromStdString(npyHeader({"x", DType::F32, {shape.begin(), shape.end()}}));
    QCOMPARE(header.size(), 128);
    QCOMPARE(header.left(10), QByteArray("\x93NUMPY\x01\x00\x76\x00", 10));
    QCOMPARE(header.mid(10, dictionary.size()), dictionary);
    QCOMPARE(header.mid(10 + dictionary.size()), QByteArray(117 - dictionary.size(), ' ') + '\n');
}

void tst_Npy::readsWhatItWrites()
{
    for (const auto type :
         {DType::F64, DType::F32, DType::F16, DType::I64, DType::I32, DType::I16, DType::I8, DType::U8, DType::Bool}) {
        const TensorInfo tensor{"", type, {7, 1, 12345}};
        const auto header = npyHeader(tensor);
        const auto parsed = parseNpyHeader(header + "values");
        QVERIFY(parsed);
        QVERIFY(parsed->tensor == tensor);
        QCOMPARE(parsed->size, header.size());
    }
}

void tst_Npy::refusesWhatItCannotHold_data()
{
    QTest::addColumn<QByteArray>("dictionary");
    QTest::newRow("fortran") << QByteArray("{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3), }");
    QTest::newRow("big endian") << QByteArray("{'descr': '>f4', 'fortran_order': False, 'shape': (2, 3), }");
    QTest::newRow("pickled objects") << QByteArray("{'descr': '|O', 'fortran_order': False, 'shape': (2, 3), }");
    QTest::newRow("no shape") << QByteArray("{'descr': '<f4', 'fortran_order': False, }");
    QTest::newRow("negative shape") << QByteArray("{'descr': '<f4', 'fortran_order': False, 'shape': (-2, 3), }");
}

void tst_Npy::refusesWhatItCannotHold()
{
    QFETCH(QByteArray, dictionary);
    QByteArray bytes("\x93NUMPY\x01\x00", 8);
    bytes += static_cast<char>(dictionary.size());
    bytes += '\0';
    QVERIFY(!parseNpyHeader((bytes + dictionary).toStdString()));
    QVERIFY(!parseNpyHeader((bytes + dictionary.left(10)).toStdString()));
}

QTEST_APPLESS_MAIN(tst_Npy)
#include "tst_npy.moc"
