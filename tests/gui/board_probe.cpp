#include "app/main_window.h"
#include "app/open_study.h"
#include "app/theme_style.h"
#include "support/made_study.h"
#include "dashboard/round_board.h"
#include "dashboard/curve_chart.h"
#include "dashboard/results_table.h"
#include "dashboard/event_log.h"
#include <QApplication>
#include <QElapsedTimer>
#include <QTest>
#include <QTableView>
#include <QAbstractButton>
#include <cstdio>
using namespace consilium;
// probe OUT [bigstudy]
#include <QStandardPaths>
int main(int c,char**v){
  QApplication app(c,v); QStandardPaths::setTestModeEnabled(true);
  QString out=v[1]; 
  auto shoot=[&](const std::filesystem::path&f,QString name,QSize size,const char*theme,int wait=2500){
    app::MainWindow w(app::loadTheme(theme).value(),{.demoFolder={},.remember=false});
    w.resize(size); w.show(); (void)QTest::qWaitForWindowExposed(&w); w.openStudy(f); QTest::qWait(wait);
    std::printf("%s asked %dx%d is %dx%d\n",qPrintable(name),size.width(),size.height(),w.width(),w.height());
    w.grab().save(out+"/"+name+".png"); };
  std::filesystem::path tmp=std::filesystem::path(v[1])/"studies";
  std::filesystem::remove_all(tmp); std::filesystem::create_directories(tmp);
  if(c>2){ auto r=storage::StudyReader::open(v[2]).value();
    for(int i=0;i<3;++i){ QElapsedTimer t; t.start(); auto s=r.snapshot().value(); std::printf("snapshot %lld ms, %zu metrics\n",(long long)t.elapsed(),s.metrics.size());
      t.restart(); storage::StudySnapshot copy=s; std::printf("copy %lld ms\n",(long long)t.elapsed()); }
    auto s=r.snapshot().value(); auto theme=app::loadTheme("dark").value(); app::applyTheme(theme);
    dashboard::RoundBoard b; dashboard::CurveChart l(dashboard::CurveChart::Kind::Loss),h(dashboard::CurveChart::Kind::Headline),d(dashboard::CurveChart::Kind::Drift); dashboard::ResultsTable res; 
    b.setTheme(theme); for(auto*x:{&l,&h,&d}) {x->setTheme(theme); x->resize(500,260); x->show();} res.setTheme(theme); b.resize(800,400); b.show(); QTest::qWait(200);
    for(int i=0;i<3;++i){ QElapsedTimer t; t.start(); b.setSnapshot(s); auto a1=t.nsecsElapsed()/1e6; l.setSnapshot(s); auto a2=t.nsecsElapsed()/1e6; h.setSnapshot(s); auto a3=t.nsecsElapsed()/1e6; d.setSnapshot(s); auto a4=t.nsecsElapsed()/1e6; res.setSnapshot(s); auto a5=t.nsecsElapsed()/1e6; b.repaint(); for(auto*x:{&l,&h,&d}) x->repaint(); QCoreApplication::processEvents(); auto a6=t.nsecsElapsed()/1e6;
      std::printf("board %.1f loss %.1f headline %.1f drift %.1f results %.1f paint %.1f total %.1f ms\n",a1,a2-a1,a3-a2,a4-a3,a5-a4,a6-a5,a6); }
    if(c<4) for(const char*t:{"dark"}) shoot(v[2],QString("many-")+t,{1440,900},t,6000);
  }
  { test::MadeStudy m(tmp/"running"); for(const char*t:{"dark","light"}) shoot(tmp/"running",QString("running-")+t,{1440,900},t); shoot(tmp/"running","running-small",{1280,720},"dark"); 
    shoot(tmp/"running","running-tiny",{1024,640},"dark"); }
  { test::MadeStudy m(tmp/"start",0); shoot(tmp/"start","start-dark",{1440,900},"dark"); }
  { test::MadeStudy m(tmp/"done",12); m.testEverywhere(); m.finish(); for(const char*t:{"dark","light"}) shoot(tmp/"done",QString("done-")+t,{1440,900},t); shoot(tmp/"done","done-small",{1280,720},"dark"); }
  { test::MadeStudy m(tmp/"old",12); m.finish(); shoot(tmp/"old","old-dark",{1440,900},"dark"); }
  { test::MadeStudy m(tmp/"early",7); m.endEarly(7); shoot(tmp/"early","early-dark",{1440,900},"dark"); }

  { test::MadeStudy m(tmp/"twelve",12); std::vector<storage::MetricRow> rows;
    for(int i=0;i<12;++i){ auto n=i<4?test::MadeStudy::names[i]:fmt::format("hospital-{}",i); if(i>=4){ test::must(m.store().addSite(n,"t"+n)); test::must(m.store().bindKey(n,test::must(security::PrivateKey::generate()).publicPem())); test::must(m.store().setOnline(n,true)); test::must(m.store().setSiteRound(12,n,SiteState::Counted,1,{})); }
      auto add=[&](std::string model,double v){ rows.push_back({12,n,model,"test","dice",0,v,10+i}); rows.push_back({12,n,model,"test","lesions",0,100.0+i,10+i}); };
      add("best",0.85+0.003*i); add("round-12",0.84+0.004*i); for(int j=0;j<12;++j) add("local-"+(j<4?test::MadeStudy::names[j]:fmt::format("hospital-{}",j)),0.7+0.01*j+(i==j?0.1:0)); }
    test::must(m.store().addMetrics(rows)); test::must(m.store().setValue("state","finished")); test::must(m.store().setValue("ended",toIso(now())));
    shoot(tmp/"twelve","twelve-dark",{1440,900},"dark"); shoot(tmp/"twelve","twelve-wide",{1600,1000},"light"); }
}
